package io.costoptimal.gateway.server.admin;

import java.io.IOException;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * A request while it is answered: run by a thread of its route, cancelled by the event loop when time is up or the client has
 * left. Whichever comes first counts.
 */
final class Question implements Runnable {

    private static final Logger LOG = LogManager.getLogger(Question.class);

    private final Route route;
    private final Request request;
    private final Asker asker;

    /** Guarded by this. */
    private Thread runs;

    private boolean cancelled;

    /** Takes answers. Any thread calls it. */
    interface Asker {

        /** The answer is whole. */
        void whole(Question question, Answer answer);

        /**
         * The answer is streamed, by the thread that calls this.
         *
         * @throws IOException when that fails before anything of it was sent
         * @throws Refused the same
         */
        void streamed(Question question, Answer answer) throws IOException, Refused;
    }

    Question(Route route, Request request, Asker asker) {
        this.route = route;
        this.request = request;
        this.asker = asker;
    }

    @Override
    public void run() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            runs = Thread.currentThread();
        }
        try {
            answer();
        } finally {
            synchronized (this) {
                runs = null;
                // It was meant for this question, and must not reach the next one of this thread.
                Thread.interrupted();
            }
        }
    }

    private void answer() {
        try {
            Answer answer = route.endpoint().answer(request);
            if (answer.stream() == null || request.head().method().equals("HEAD")) {
                whole(answer);
            } else {
                asker.streamed(this, answer);
            }
        } catch (Refused e) {
            whole(e.answer());
        } catch (Throwable e) {
            if (!isCancelled()) {
                LOG.warn("admin_failed route=\"{} {}\"", route.method(), route.path(), e);
            }
            whole(new Refused(500, "failed", "This failed; the log says why.").answer());
        }
    }

    /** An interrupted question fails, and that is nobody's answer. */
    private void whole(Answer answer) {
        if (!isCancelled()) {
            asker.whole(this, answer);
        }
    }

    private synchronized boolean isCancelled() {
        return cancelled;
    }

    /** Nobody waits for the answer any more. */
    synchronized void cancel() {
        cancelled = true;
        if (runs != null) {
            runs.interrupt();
        }
    }
}
