package io.costoptimal.gateway.server.accesslog;

import java.util.function.Consumer;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.status.StatusData;
import org.apache.logging.log4j.status.StatusListener;

/**
 * Hears what Log4j says of itself: above all, that a file could not be put aside, compressed or deleted. Without a listener it
 * would print that, with a stack trace, past the log. Any thread.
 */
final class LogTrouble implements StatusListener {

    private final Consumer<String> notices;

    /** @param notices told what went wrong, in a few words */
    LogTrouble(Consumer<String> notices) {
        this.notices = notices;
    }

    @Override
    public void log(StatusData said) {
        StringBuilder text = new StringBuilder(said.getMessage().getFormattedMessage());
        for (Throwable cause = said.getThrowable(); cause != null; cause = cause.getCause()) {
            text.append("; ").append(cause);
        }
        notices.accept(text.toString());
    }

    @Override
    public Level getStatusLevel() {
        return Level.WARN;
    }

    @Override
    public void close() {
        // There is nothing to close.
    }
}
