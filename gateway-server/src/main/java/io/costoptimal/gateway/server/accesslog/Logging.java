package io.costoptimal.gateway.server.accesslog;

import io.netty.util.internal.logging.InternalLoggerFactory;
import io.netty.util.internal.logging.Log4J2LoggerFactory;
import java.io.FileDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.StringLayout;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Configurator;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.status.StatusLogger;

/**
 * Sets up the two logs of this process before anything logs. They share nothing: access lines come from the thread that reads
 * the journal, events from a ring and a thread of Log4j's, and each has an output of its own. So an access log which nobody
 * reads silences nothing else.
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

    private static LineWriter accessLines;

    private Logging() {}

    /**
     * Call this first: the settings are read once, by the first logger, and Netty has one as soon as it is touched. From then
     * on what the process says of itself goes to standard error.
     */
    public static synchronized void start() {
        // Netty would look for SLF4J first, which a library on the class path may bring along without a backend.
        InternalLoggerFactory.setDefaultFactory(Log4J2LoggerFactory.INSTANCE);
        LoggerContext context = (LoggerContext) LogManager.getContext(false);
        Configuration config = context.getConfiguration();
        StringLayout layout = (StringLayout) config.getAppender(EVENTS).getLayout();
        // Nobody could be told that it fails, but for the counter.
        LineWriter lines =
                new LineWriter(LogChannel.APPLICATION, LineOutput.standard(FileDescriptor.err), null, notice -> {});
        EventAppender events = new EventAppender(layout, lines);
        events.start();
        config.addAppender(events);
        LoggerConfig root = config.getRootLogger();
        root.removeAppender(EVENTS);
        root.addAppender(events, null, null);
        context.updateLoggers();
        StatusLogger.getLogger()
                .registerListener(new LogTrouble(
                        cause -> LogManager.getLogger(Logging.class).warn("logging_failed cause=\"{}\"", cause)));
    }

    /**
     * Says where access lines go. Once, after {@link #start}.
     *
     * @param file for {@link Access#FILE}, appended to; else {@code null}
     * @param rolling when a file is put aside; means nothing for what is no regular file
     */
    public static synchronized void startAccess(Access access, String file, LogRolling rolling) {
        switch (access) {
            case STDOUT -> accessLines = accessLines(LineOutput.standard(FileDescriptor.out), null);
            case FILE -> {
                Path path = Path.of(file).toAbsolutePath();
                LineOutput output = LineOutput.file(path);
                boolean rolls = rolling.happens() && (Files.isRegularFile(path) || Files.notExists(path));
                accessLines = accessLines(output, rolls ? new RollingFile(path, rolling, output) : null);
            }
            default -> {}
        }
    }

    private static LineWriter accessLines(LineOutput output, RollingFile rolling) {
        Logger events = LogManager.getLogger(Logging.class);
        return new LineWriter(LogChannel.ACCESS, output, rolling, notice -> events.warn("access_log_{}", notice));
    }

    /** What takes access lines; {@code null} when nobody wants them, so that none is made only to be dropped. */
    public static synchronized LineSink access() {
        return accessLines;
    }

    /** Has the access log's file opened anew under its name, for whoever has renamed it. Never waits. */
    public static synchronized void reopen() {
        if (accessLines != null) {
            accessLines.reopen();
        }
    }

    /**
     * Another process writes to the access log too: its file is not put aside before as many calls of {@link #releaseRolling}
     * as there were of this.
     */
    public static synchronized void holdRolling() {
        if (accessLines != null) {
            accessLines.holdRolling(1);
        }
    }

    /** The reverse of {@link #holdRolling}. */
    public static synchronized void releaseRolling() {
        if (accessLines != null) {
            accessLines.holdRolling(-1);
        }
    }

    /** Whether our own events are logged at DEBUG from now on. */
    public static void debug(boolean on) {
        Configurator.setLevel(OURS, on ? Level.DEBUG : Level.INFO);
    }

    /**
     * Ends logging: writes the events that are queued, and closes the access log once the file put aside last is compressed.
     *
     * @param millis how long to wait for that
     */
    public static void flush(long millis) {
        List<Thread> ends = new ArrayList<>();
        LineWriter lines;
        synchronized (Logging.class) {
            lines = accessLines;
        }
        if (lines != null) {
            ends.add(ending(lines::close));
        }
        if (LogManager.getContext(false) instanceof LoggerContext context) {
            ends.add(ending(() -> context.stop(millis, TimeUnit.MILLISECONDS)));
        }
        long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        try {
            for (Thread end : ends) {
                end.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** On a thread of its own, because an output that takes nothing holds it up for ever. */
    private static Thread ending(Runnable end) {
        Thread thread = new Thread(end, "log-flush");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }
}
