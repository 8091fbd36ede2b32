package io.costoptimal.gateway.server.accesslog;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.async.AsyncQueueFullPolicy;
import org.apache.logging.log4j.core.async.EventRoute;

/**
 * What happens to a log event when its log's ring is full: it is dropped and counted, whatever its level, for the thread
 * that logs it may be an event loop. Any thread. Log4j makes one for each ring, by the name in
 * {@code log4j2.component.properties}, on the thread that starts the ring.
 */
public final class CountedDiscard implements AsyncQueueFullPolicy {

    /** Whose ring is being started by this thread; Log4j passes nothing to the constructor. */
    private static final ThreadLocal<LogChannel> STARTING = ThreadLocal.withInitial(() -> LogChannel.APPLICATION);

    private final LogChannel log = STARTING.get();

    /** Runs {@code start}, which starts the ring of {@code log}. */
    static void starting(LogChannel log, Runnable start) {
        STARTING.set(log);
        try {
            start.run();
        } finally {
            STARTING.remove();
        }
    }

    @Override
    public EventRoute getRoute(long backgroundThreadId, Level level) {
        log.lose(LogChannel.Loss.SLOW, 1);
        return EventRoute.DISCARD;
    }
}
