package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.server.accesslog.Logging;
import java.util.function.IntConsumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Hears of what no thread has caught, and ends the process when the heap is full: from then on any object of it may be half
 * made. Any thread. The JVM's own {@code -XX:+ExitOnOutOfMemoryError} is quicker; this is for those who start without it.
 */
public final class LastWords implements Thread.UncaughtExceptionHandler {

    /** What the JVM's own flag exits with. */
    static final int EXIT = 3;

    private static final Logger LOG = LogManager.getLogger(LastWords.class);
    private static final long FLUSH_MILLIS = 1_000;

    private final IntConsumer halt;

    /** @param halt ends the process at once */
    LastWords(IntConsumer halt) {
        this.halt = halt;
    }

    /** Has every thread of this process end it when the heap is full. */
    public static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new LastWords(Runtime.getRuntime()::halt));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable cause) {
        if (!(cause instanceof OutOfMemoryError) || OutOfMemory.ofBuffers(cause)) {
            LOG.error("uncaught thread={}", thread.getName(), cause);
            return;
        }
        try {
            // First by the plainest way there is; the logger needs memory.
            System.err.println("out_of_memory thread=" + thread.getName() + " cause=\"" + cause.getMessage() + "\"");
            Logging.flush(FLUSH_MILLIS);
        } finally {
            halt.accept(EXIT);
        }
    }
}
