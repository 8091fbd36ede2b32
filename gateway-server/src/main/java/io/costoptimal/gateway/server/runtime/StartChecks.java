package io.costoptimal.gateway.server.runtime;

import com.sun.management.UnixOperatingSystemMXBean;
import io.costoptimal.gateway.exchange.Limits;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Finds limits that this process cannot keep, so that they are known at the start and not under load. Stateless. */
final class StartChecks {

    private static final long MB = 1024 * 1024;

    /** Of a body's length: how much memory it takes at most, since buffers are not filled to the last byte. */
    private static final double OVERHEAD = 9.0 / 8;

    private StartChecks() {}

    /** What this process cannot keep of {@code limits}, one line each. */
    static List<String> of(Limits limits) {
        return of(limits, PlatformDependent.maxDirectMemory(), descriptors());
    }

    /**
     * The same for any process.
     *
     * @param directMemory bytes it may use for network buffers
     * @param descriptors files and sockets it may have open
     */
    static List<String> of(Limits limits, long directMemory, long descriptors) {
        List<String> problems = new ArrayList<>();
        long held = limits.body().heldBytes();
        if (held > directMemory / 4 * 3) {
            problems.add("held_bodies=" + mb(held) + " direct_memory=" + mb(directMemory) + " (expected: at most "
                    + mb(directMemory / 4 * 3) + ", or more -XX:MaxDirectMemorySize)");
        }
        if (limits.body().bytes() * OVERHEAD > held - held / 4) {
            problems.add("body=" + mb(limits.body().bytes()) + " held_bodies=" + mb(held)
                    + " (expected: held_bodies of half as much again, or the longest bodies are always answered 503)");
        }
        if (limits.client().connections() > descriptors) {
            problems.add("client_connections=" + limits.client().connections() + " descriptors=" + descriptors
                    + " (expected: fewer, or more descriptors: ulimit -n)");
        }
        return problems;
    }

    private static String mb(long bytes) {
        return bytes / MB + "mb";
    }

    private static long descriptors() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }
}
