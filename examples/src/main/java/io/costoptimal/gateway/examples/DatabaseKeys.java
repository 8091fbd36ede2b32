package io.costoptimal.gateway.examples;

import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Keys in a database: a table {@code gateway_keys} with the SHA-256 of each key, its name, and the models it may ask for,
 * separated by commas: {@code NULL} for all of them. A key without any model is none. Any thread.
 *
 * <p>No event loop ever waits for the database. What was found there is known for a minute, so that a key costs a query a
 * minute, and one that was deleted ends within that time. Only digests are kept and sent to the database.
 */
public final class DatabaseKeys implements Keys, AutoCloseable {

    private static final int MAX_KNOWN = 10_000;
    private static final int MAX_WAITING = 1_000;
    private static final long KNOWN_NANOS = Duration.ofMinutes(1).toNanos();
    private static final String QUERY = "SELECT name, models FROM gateway_keys WHERE sha256 = ?";

    /** Whose key it is, and until when that is believed. */
    private record Known(Principal owner, long untilNanos) {}

    private final String url;
    private final LongSupplier nanoTime;
    /** By digest; the oldest goes when there are too many. Guarded by itself. */
    private final Map<String, Known> known = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > MAX_KNOWN;
        }
    };
    /** A full queue refuses, and then the request is answered 503: better than to hold more than can be asked. */
    private final ThreadPoolExecutor threads =
            new ThreadPoolExecutor(4, 4, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(MAX_WAITING));

    /** @param url such as {@code jdbc:sqlite:keys.db}; a pool of connections would serve a remote database better */
    public DatabaseKeys(String url, LongSupplier nanoTime) {
        this.url = url;
        this.nanoTime = nanoTime;
    }

    @Override
    public Principal find(CharSequence presented) {
        String digest = sha256(presented.toString());
        synchronized (known) {
            Known entry = known.get(digest);
            return entry != null && entry.untilNanos() - nanoTime.getAsLong() > 0 ? entry.owner() : null;
        }
    }

    @Override
    public CompletableFuture<Principal> findLater(String presented) {
        String digest = sha256(presented);
        return CompletableFuture.supplyAsync(() -> query(digest), threads);
    }

    @Override
    public Duration patience() {
        return Duration.ofSeconds(2);
    }

    private Principal query(String digest) {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement query = connection.prepareStatement(QUERY)) {
            query.setString(1, digest);
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    // Not kept: anybody can make up keys, and would fill the memory with them.
                    return null;
                }
                ModelScope models = models(row.getString(2));
                if (models == null) {
                    return null;
                }
                Principal owner = new Principal(row.getString(1), Principal.Role.CLIENT, models);
                synchronized (known) {
                    known.put(digest, new Known(owner, nanoTime.getAsLong() + KNOWN_NANOS));
                }
                return owner;
            }
        } catch (SQLException e) {
            throw new CompletionException(e);
        }
    }

    /** {@code null} when none is listed, which must not become all of them. */
    private static ModelScope models(String listed) {
        if (listed == null) {
            return ModelScope.ALL;
        }
        List<String> names = Arrays.stream(listed.split(","))
                .map(String::strip)
                .filter(name -> !name.isEmpty())
                .toList();
        return names.isEmpty() ? null : ModelScope.of(names);
    }

    /** As the table has it. */
    static String sha256(String key) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Queries that run are left to end. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
