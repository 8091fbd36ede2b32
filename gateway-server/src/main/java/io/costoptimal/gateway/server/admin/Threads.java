package io.costoptimal.gateway.server.admin;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads that answer operators: some of each kind, so that no kind of question waits for another. They are made when
 * they are first needed and end when they have been idle for a minute. Any thread.
 */
public final class Threads implements AutoCloseable {

    /** What a question needs of a thread. */
    public enum Kind {
        /** None: it is answered at once by the listener's own event loop, and so must not wait for anything. */
        NONE(0, 0, Duration.ZERO),
        /** Metrics. */
        SCRAPE(1, 8, Duration.ofSeconds(10)),
        /** What is in memory, or in the jar. */
        QUICK(2, 64, Duration.ofSeconds(10)),
        /** What is looked up in the ledger, or takes some computing. */
        QUERY(4, 32, Duration.ofSeconds(10)),
        /** What reads much of the ledger and still answers in one piece. */
        LONG_QUERY(1, 4, Duration.ofSeconds(60)),
        /** What is streamed for as long as the client reads on. */
        EXPORT(2, 0, null);

        private final int threads;
        private final int waiting;
        private final Duration limit;

        Kind(int threads, int waiting, Duration limit) {
            this.threads = threads;
            this.waiting = waiting;
            this.limit = limit;
        }

        /** How long an answer may take, the wait for a thread included; {@code null} for any time. */
        Duration limit() {
            return limit;
        }
    }

    private static final long IDLE_SECONDS = 60;

    private final Map<Kind, ThreadPoolExecutor> pools = new EnumMap<>(Kind.class);

    Threads() {
        for (Kind kind : Kind.values()) {
            if (kind != Kind.NONE) {
                pools.put(kind, pool(kind));
            }
        }
    }

    private static ThreadPoolExecutor pool(Kind kind) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                kind.threads,
                kind.threads,
                IDLE_SECONDS,
                TimeUnit.SECONDS,
                kind.waiting == 0 ? new SynchronousQueue<>() : new ArrayBlockingQueue<>(kind.waiting),
                task -> {
                    Thread thread = new Thread(task, "admin-" + kind.name().toLowerCase(Locale.ROOT));
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /**
     * Runs {@code task} on a thread of {@code kind}.
     *
     * @throws Refused when all are busy and enough wait already
     */
    void run(Kind kind, Runnable task) throws Refused {
        try {
            pools.get(kind).execute(task);
        } catch (RejectedExecutionException e) {
            throw Refused.busy("busy", "Too many questions of this kind are being answered; ask again.");
        }
    }

    /** Interrupts whatever runs. */
    @Override
    public void close() {
        pools.values().forEach(ThreadPoolExecutor::shutdownNow);
    }
}
