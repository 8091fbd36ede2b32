package io.costoptimal.gateway.server.admin;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * How many wrong keys came from which address: ten at once, then one every six seconds. An address beyond that is not listened
 * to, whatever key it presents, because else guessing could go on. Any thread.
 */
final class WrongKeys {

    private static final long EACH = TimeUnit.SECONDS.toNanos(6);
    private static final long AT_ONCE = 10 * EACH;

    /** Addresses that are remembered; the one that was wrong least recently is forgotten. */
    private static final int MOST = 10_000;

    private final LongSupplier nanos;

    /** When each address will have been quiet for long enough to start anew. */
    private final Map<String, Long> quietAt = new LinkedHashMap<>(16, 0.75f, true);

    WrongKeys(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Whether a key from {@code address} is to be looked at. */
    synchronized boolean mayTry(String address) {
        if (quietAt.isEmpty()) {
            return true;
        }
        Long quiet = quietAt.get(network(address));
        return quiet == null || quiet - nanos.getAsLong() <= AT_ONCE - EACH;
    }

    /** A key from {@code address} was wrong. */
    synchronized void wrong(String address) {
        long now = nanos.getAsLong();
        Long quiet = quietAt.get(network(address));
        quietAt.put(network(address), (quiet == null || quiet - now < 0 ? now : quiet) + EACH);
        if (quietAt.size() > MOST) {
            quietAt.remove(quietAt.keySet().iterator().next());
        }
    }

    /** Who has one IPv6 address has the 2^64 that begin like it. */
    private static String network(String address) {
        String[] groups = address.split(":", 5);
        return groups.length < 5 ? address : groups[0] + ':' + groups[1] + ':' + groups[2] + ':' + groups[3];
    }
}
