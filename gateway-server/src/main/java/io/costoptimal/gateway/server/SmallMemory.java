package io.costoptimal.gateway.server;

/**
 * Has Netty cut its buffers from smaller pieces of memory in a process that has little. A piece is given back to the system
 * only when no buffer of it is used or kept, and after a flood nearly every piece of 4 MB has one. Stateless.
 */
final class SmallMemory {

    private static final String ORDER = "io.netty.allocator.maxOrder";

    /** Pages of 8 KB, times two for each: 1 MB. */
    private static final String ONE_MB = "7";

    private static final long LITTLE = 256L * 1024 * 1024;

    private SmallMemory() {}

    /** Before any class of Netty is used; what the operator has set stays. */
    static void prepare() {
        if (Runtime.getRuntime().maxMemory() <= LITTLE && System.getProperty(ORDER) == null) {
            System.setProperty(ORDER, ONE_MB);
        }
    }
}
