package io.costoptimal.gateway.server.admin;

import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Who has logged in with a browser: 128 random bits stand for an admin key, for twelve hours at most. Kept in memory alone, so
 * a restart ends all of them. Any thread; locks only for a look at a table.
 */
public final class Sessions {

    /** How long a session lasts, however much it is used. */
    static final Duration LIFE = Duration.ofHours(12);

    /** More than anybody has; the oldest goes. */
    private static final int MOST = 1_000;

    private static final int BYTES = 16;

    private final SecureRandom random = new SecureRandom();
    private final Supplier<AdminKeys> keys;
    private final LongSupplier nanos;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /** @param digest of the key it was begun with */
    private record Session(String digest, long endNanos) {}

    /**
     * @param keys those in force, asked at each look
     * @param nanos a clock that starts anywhere
     */
    Sessions(Supplier<AdminKeys> keys, LongSupplier nanos) {
        this.keys = keys;
        this.nanos = nanos;
    }

    /** Begins a session for whoever has the key with {@code digest}; returns what stands for it. */
    synchronized String begin(String digest) {
        byte[] bits = new byte[BYTES];
        random.nextBytes(bits);
        String id = HexFormat.of().formatHex(bits);
        sessions.put(id, new Session(digest, nanos.getAsLong() + LIFE.toNanos()));
        if (sessions.size() > MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        return id;
    }

    /** The name of the key that {@code id} stands for; {@code null} when it stands for none, or no longer. */
    synchronized String key(String id) {
        Session session = sessions.get(id);
        if (session == null) {
            return null;
        }
        String name = session.endNanos - nanos.getAsLong() > 0 ? keys.get().name(session.digest) : null;
        if (name == null) {
            sessions.remove(id);
        }
        return name;
    }

    /** Ends a session, if there is one. */
    synchronized void end(String id) {
        sessions.remove(id);
    }
}
