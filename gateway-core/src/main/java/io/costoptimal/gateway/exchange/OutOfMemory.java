package io.costoptimal.gateway.exchange;

import io.netty.util.internal.OutOfDirectMemoryError;

/**
 * The two ways to be out of memory, which have nothing in common. Stateless.
 *
 * <p>Network buffers are bounded and are given back by others soon: who finds none ends one exchange, with 503. A heap that is
 * full leaves no object in the process to be relied on: whoever runs the process should end it.
 */
public final class OutOfMemory {

    private OutOfMemory() {}

    /** Whether there was no memory for a network buffer, as Netty says it or as the JDK does. */
    public static boolean ofBuffers(Throwable cause) {
        return cause instanceof OutOfDirectMemoryError
                || cause instanceof OutOfMemoryError
                        && cause.getMessage() != null
                        && cause.getMessage().contains("direct buffer memory");
    }

    /** What the client of an exchange is told that ends by {@code cause}. */
    public static Rejection rejection(Throwable cause) {
        return ofBuffers(cause)
                ? Rejection.overloaded("The gateway has no memory left for this request; try again.")
                : Rejection.internal();
    }

    /**
     * Tells the thread's handler of uncaught exceptions when the heap is full, although the exception was caught here: that
     * handler is where an application decides what becomes of its process.
     */
    public static void passOn(Throwable cause) {
        if (cause instanceof OutOfMemoryError && !ofBuffers(cause)) {
            Thread thread = Thread.currentThread();
            thread.getUncaughtExceptionHandler().uncaughtException(thread, cause);
        }
    }
}
