package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Provider;
import java.net.URI;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Which models of which providers refuse to be asked for usage, so that they are not asked again for an hour. Any thread;
 * shared by all relays of a gateway, and outlives its configurations.
 *
 * <p>A model is noted only once it has answered the same request without the question: a client's own mistake must not keep
 * others' usage from being told.
 */
public final class UsageRefusals {

    private static final long NANOS = TimeUnit.HOURS.toNanos(1);

    /** Models that are noted; a name is the client's to choose, so there may be any number. */
    private static final int MOST = 1000;

    private record Asked(String provider, URI base, String model) {}

    private final ConcurrentHashMap<Asked, Long> since = new ConcurrentHashMap<>();

    /** @param nanos the time now, of a clock that all callers share */
    boolean refuses(Provider provider, String model, long nanos) {
        if (since.isEmpty()) {
            return false;
        }
        Asked asked = asked(provider, model);
        Long noted = since.get(asked);
        if (noted == null || nanos - noted < NANOS) {
            return noted != null;
        }
        since.remove(asked, noted);
        return false;
    }

    /** Notes that it refused just now. */
    void note(Provider provider, String model, long nanos) {
        if (since.size() >= MOST) {
            // Asking one too often costs an attempt; looking for the oldest would cost an event loop its time.
            since.clear();
        }
        since.put(asked(provider, model), nanos);
    }

    private static Asked asked(Provider provider, String model) {
        return new Asked(provider.id(), provider.base(), model == null ? "" : model);
    }
}
