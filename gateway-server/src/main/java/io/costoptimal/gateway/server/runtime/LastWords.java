package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.exchange.OutOfMemory;
import io.costoptimal.gateway.server.accesslog.Logging;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Made beforehand, because not even a text can be put together when the heap is full. */
    private static final byte[] LAST_LINE =
            "out_of_memory heap=full exit=3 (expected: a larger -Xmx)\n".getBytes(StandardCharsets.US_ASCII);

    private final FileOutputStream standardError = new FileOutputStream(FileDescriptor.err);
    private final IntConsumer halt;
    /** Several threads find the heap full at once; the first one ends the process. */
    private final AtomicBoolean said = new AtomicBoolean();

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
        if (!said.compareAndSet(false, true)) {
            return;
        }
        try {
            standardError.write(LAST_LINE);
            Logging.flush(FLUSH_MILLIS);
        } catch (IOException e) {
            // Nobody reads it.
        } finally {
            halt.accept(EXIT);
        }
    }
}
