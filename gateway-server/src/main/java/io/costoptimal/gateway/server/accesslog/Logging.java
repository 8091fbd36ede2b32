package io.costoptimal.gateway.server.accesslog;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Log4J2LoggerFactory;
import java.io.FileDescriptor;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;

/**
 * Sets up the two logs of this process before anything logs. Each has a ring, a thread that empties it, and an output of
 * its own, so that an access log which nobody reads silences nothing else.
 *
 * <p>The files {@code log4j2.component.properties} and {@code log4j2.xml} among the resources hold the rest, and all there
 * is for commands that do not call {@link #start}.
 */
public final class Logging {

    /** Where access lines go. */
    public enum Access {
        STDOUT,
        FILE,
        OFF
    }

    private static final String OURS = "io.costoptimal.gateway";

    /** The appender of {@code log4j2.xml}, of which only the layout is used. */
    private static final String EVENTS = "events";

    private static LineFile accessLines;

    private Logging() {}

    /**
     * Call this first: the settings are read once, by the first logger, and Netty has one as soon as it is touched.
     *
     * @param access where access lines go
     * @param file for {@link Access#FILE}, appended to; else {@code null}
     */
    public static synchronized void start(Access access, String file) {
        // Netty would look for SLF4J first, which a library on the class path may bring along without a backend.
        InternalLoggerFactory.setDefaultFactory(Log4J2LoggerFactory.INSTANCE);
        startEvents((LoggerContext) LogManager.getContext(false));
        switch (access) {
            case STDOUT -> startAccess(LineOutput.standard(FileDescriptor.out));
            case FILE -> startAccess(LineOutput.file(Path.of(file)));
            default -> {}
        }
    }

    private static void startEvents(LoggerContext context) {
        Configuration config = context.getConfiguration();
        StringLayout layout = (StringLayout) config.getAppender(EVENTS).getLayout();
        LineOutput output = LineOutput.standard(FileDescriptor.err);
        // Nobody could be told that it fails, but for the counter.
        LineAppender lines = new LineAppender(LogChannel.APPLICATION, layout, output, notice -> {});
        lines.start();
        config.addAppender(lines);
        LoggerConfig root = config.getRootLogger();
        root.removeAppender(EVENTS);
        root.addAppender(lines, null, null);
        context.updateLoggers();
    }

    private static void startAccess(LineOutput output) {
        accessLines = new LineFile(output);
    }

    /** What takes access lines; {@code null} when nobody wants them, so that none is made only to be dropped. */
    public static synchronized LineSink access() {
        return accessLines;
    }

    /** Opens the access log's file anew under its name, for whoever has renamed it. Never waits for the disk's sake. */
    public static synchronized void reopen() {
        if (accessLines != null) {
            accessLines.reopen();
        }
    }

    /** Whether our own events are logged at DEBUG from now on. */
    public static void debug(boolean on) {
        Configurator.setLevel(OURS, on ? Level.DEBUG : Level.INFO);
    }

    /** Writes what is queued, waiting for at most {@code millis}, and ends logging. */
    public static synchronized void flush(long millis) {
        LoggerContext events = LogManager.getContext(false) instanceof LoggerContext context ? context : null;
        List<Thread> stops = Stream.of(events)
                .filter(Objects::nonNull)
                .map(context -> stopping(context, millis))
                .toList();
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Thread stop : stops) {
                stop.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread stopping(LoggerContext context, long millis) {
        Thread stop = new Thread(() -> context.stop(millis, TimeUnit.MILLISECONDS), "log-flush");
        stop.setDaemon(true);
        stop.start();
        return stop;
    }
}
