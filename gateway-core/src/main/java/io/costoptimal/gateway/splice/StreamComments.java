package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.LazyTimer;
import io.netty.util.concurrent.EventExecutor;
import java.nio.charset.StandardCharsets;

/**
 * Comments for the client of an event stream that is silent, so that nobody between takes its connection for dead. Only
 * where the operator asked for it: this is the one thing that is added to a body. Confined to the event loop of the relay.
 *
 * <p>What the provider sends counts for its own deadline; a comment does not, so a provider that has died is noticed in the
 * same time as without.
 */
final class StreamComments {

    /** A line that begins with a colon says nothing (HTML standard, 9.2.6), and every client skips it. */
    private static final byte[] COMMENT = ": keep-alive\n\n".getBytes(StandardCharsets.US_ASCII);

    private final Answer answer;
    private final LazyTimer timer;
    private final long nanos;
    private boolean paused;

    /** @param nanos of silence, more than 0 */
    StreamComments(Answer answer, EventExecutor loop, long nanos) {
        this.answer = answer;
        this.nanos = nanos;
        timer = new LazyTimer(loop, this::silent);
        timer.start(nanos);
    }

    /** Something of the answer has come. */
    void touch() {
        timer.touch();
    }

    /** Whether the client takes nothing at the moment; it has enough to read then. */
    void paused(boolean paused) {
        this.paused = paused;
    }

    private void silent() {
        timer.start(nanos);
        if (!paused) {
            answer.insert(COMMENT);
            answer.flush();
        }
    }

    /** The answer is over. */
    void stop() {
        timer.cancel();
    }
}
