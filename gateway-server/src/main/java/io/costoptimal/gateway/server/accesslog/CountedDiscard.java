package io.costoptimal.gateway.server.accesslog;

import java.util.concurrent.atomic.LongAdder;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.async.AsyncQueueFullPolicy;
import org.apache.logging.log4j.core.async.EventRoute;

/**
 * What happens to a log event when the ring is full: it is dropped and counted, whatever its level, for the thread that
 * logs it may be an event loop. Any thread. Log4j makes one by its name in {@code log4j2.component.properties}.
 */
public final class CountedDiscard implements AsyncQueueFullPolicy {

    private static final LongAdder DROPPED = new LongAdder();

    /** Events dropped since the process started. */
    public static long dropped() {
        return DROPPED.sum();
    }

    @Override
    public EventRoute getRoute(long backgroundThreadId, Level level) {
        DROPPED.increment();
        return EventRoute.DISCARD;
    }
}
