package io.costoptimal.gateway.server.accesslog;

import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.async.AsyncQueueFullPolicy;
import org.apache.logging.log4j.core.async.EventRoute;

/**
 * What happens to an event of the application log when the log's ring is full: it is dropped and counted, whatever its level,
 * for the thread that logs it may be an event loop. Any thread. Log4j makes one, by the name in
 * {@code log4j2.component.properties}.
 */
public final class CountedDiscard implements AsyncQueueFullPolicy {

    @Override
    public EventRoute getRoute(long backgroundThreadId, Level level) {
        LogChannel.APPLICATION.lose(LogChannel.Loss.SLOW, 1);
        return EventRoute.DISCARD;
    }
}
