package io.costoptimal.gateway.server.accesslog;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Log4J2LoggerFactory;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * Sets up Log4j for this process, before anything logs. The files {@code log4j2.component.properties} and
 * {@code log4j2.xml} among the resources hold the rest.
 */
public final class Logging {

    /** Where access lines go. */
    public enum Access {
        STDOUT,
        FILE,
        OFF
    }

    private Logging() {}

    /**
     * Call this first: the settings are read once, by the first logger, and Netty has one as soon as it is touched.
     *
     * @param access where access lines go
     * @param file for {@link Access#FILE}, appended to; else {@code null}
     */
    public static void start(Access access, String file) {
        System.setProperty("gateway.access_log", access.name());
        System.setProperty("gateway.access_log.level", access == Access.OFF ? "off" : "info");
        if (file != null) {
            System.setProperty("gateway.access_log.file", file);
        }
        // Netty would look for SLF4J first, which a library on the class path may bring along without a backend.
        InternalLoggerFactory.setDefaultFactory(Log4J2LoggerFactory.INSTANCE);
    }

    /** From now on our own events are logged at DEBUG. */
    public static void debug() {
        Configurator.setLevel("io.costoptimal.gateway", Level.DEBUG);
    }

    /** Writes what is queued, waiting for at most {@code millis}, and ends logging. */
    public static void flush(long millis) {
        if (LogManager.getContext(false) instanceof LoggerContext context) {
            Thread stop = new Thread(() -> context.stop(millis, TimeUnit.MILLISECONDS), "log-flush");
            stop.setDaemon(true);
            stop.start();
            try {
                stop.join(millis);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
