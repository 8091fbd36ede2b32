package io.costoptimal.gateway.exchange;

import io.netty.util.internal.logging.InternalLogger;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A warning that may be due with every request and is written every ten seconds at most; the others are debug lines. Any thread. */
public final class RareWarning {

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final InternalLogger log;
    private final AtomicLong last = new AtomicLong(System.nanoTime() - PAUSE_NANOS);

    public RareWarning(InternalLogger log) {
        this.log = log;
    }

    /** Logs {@code line}, and {@code cause} with its stack. */
    public void log(String line, Throwable cause) {
        if (due()) {
            log.warn(line, cause);
        } else {
            log.debug(line, cause);
        }
    }

    /**
     * Logs {@code line} and of what kind {@code cause} is. Its message may be somebody else's and hold a secret, such as the
     * text that could not be parsed: that and the stack are debug lines always.
     */
    public void logKind(String line, Throwable cause) {
        log(line + " cause=" + real(cause).getClass().getSimpleName());
        log.debug(line, cause);
    }

    /** What a future's failure stands for. */
    private static Throwable real(Throwable cause) {
        return cause instanceof CompletionException && cause.getCause() != null ? cause.getCause() : cause;
    }

    /** Logs {@code line} alone. */
    public void log(String line) {
        if (due()) {
            log.warn(line);
        } else {
            log.debug(line);
        }
    }

    private boolean due() {
        long now = System.nanoTime();
        long before = last.get();
        return now - before >= PAUSE_NANOS && last.compareAndSet(before, now);
    }
}
