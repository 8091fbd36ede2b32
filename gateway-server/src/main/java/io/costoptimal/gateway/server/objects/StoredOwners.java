package io.costoptimal.gateway.server.objects;

import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.RareWarning;
import io.costoptimal.gateway.objects.RememberedOwners;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Owners of objects in a database, those of late in memory too. What is made is known at once, and written a moment later by a
 * thread of this object's own, which also looks for what memory does not know: so no look-up meets a change that is half done.
 * Any thread.
 *
 * <p>What does not exist is not remembered. Instead {@value #MOST_LOOK_UPS} look-ups wait at most, and others fail at once.
 */
public final class StoredOwners implements ObjectOwners, AutoCloseable {

    private static final RareWarning FAILURES = new RareWarning(InternalLoggerFactory.getInstance(StoredOwners.class));

    private static final int MOST_LOOK_UPS = 256;
    /** Changes that wait for the database, of some 300 bytes each. */
    private static final int MOST_CHANGES = 100_000;

    private static final int BATCH = 1_000;
    private static final int LONGEST_ID = 256;
    private static final Duration GATHER = Duration.ofMillis(200);
    private static final Duration MOST_TO_END = Duration.ofSeconds(5);

    private final OwnerTable table;
    private final Limits limits;
    private final Clock clock;
    private final RememberedOwners memory;
    private final ScheduledThreadPoolExecutor thread;
    private final AtomicInteger lookUps = new AtomicInteger();

    /** What is not written yet; guarded by this object, as is what follows. */
    private final Map<Change.Row, Change> pending = new LinkedHashMap<>();

    /** The day on which the use of an object was noted last. */
    private final Map<Change.Row, Long> noted;

    /**
     * How much is kept.
     *
     * @param remembered objects that are in memory at a time
     * @param retention how long an object is kept that is of no use
     * @param cleanup how often others are dropped; {@code null} for never
     */
    public record Limits(int remembered, Duration retention, Duration cleanup) {}

    /**
     * Begins to write what it will be told.
     *
     * @param table taken: closed by this object
     */
    public StoredOwners(OwnerTable table, Limits limits, Clock clock) {
        this.table = table;
        this.limits = limits;
        this.clock = clock;
        memory = new RememberedOwners(limits.remembered());
        noted = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Change.Row, Long> eldest) {
                return size() > limits.remembered();
            }
        };
        thread = new ScheduledThreadPoolExecutor(1, work -> {
            Thread made = new Thread(work, "objects");
            made.setDaemon(true);
            return made;
        });
        thread.setRemoveOnCancelPolicy(true);
        thread.scheduleWithFixedDelay(this::write, GATHER.toMillis(), GATHER.toMillis(), TimeUnit.MILLISECONDS);
        if (limits.cleanup() != null) {
            thread.scheduleWithFixedDelay(this::expire, 0, limits.cleanup().toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    @Override
    public List<Owner> of(String id) {
        List<Owner> owners = memory.of(id);
        owners.forEach(owner -> note(new Change(Change.What.USED, id, owner)));
        return owners;
    }

    @Override
    public synchronized void made(String id, Owner owner) {
        boolean known = memory.of(id).contains(owner);
        memory.made(id, owner);
        // An object that is read over and over tells of the same others each time.
        note(new Change(known ? Change.What.USED : Change.What.MADE, id, owner));
    }

    @Override
    public synchronized void deleted(String id, Owner owner) {
        memory.deleted(id, owner);
        Change change = new Change(Change.What.DELETED, id, owner);
        noted.remove(change.row());
        put(change);
    }

    private synchronized void note(Change change) {
        Long before = noted.put(change.row(), day());
        if (change.what() == Change.What.MADE) {
            put(change);
        } else if ((before == null || before != day()) && !pending.containsKey(change.row())) {
            put(change);
        }
    }

    private void put(Change change) {
        if (!keeps(change.id())) {
            return;
        }
        if (pending.size() >= MOST_CHANGES && !pending.containsKey(change.row())) {
            FAILURES.log("object_owner_not_kept waiting=" + pending.size());
            return;
        }
        pending.put(change.row(), change);
    }

    /** No provider has ids with control characters or halves of characters, which not every database can keep. */
    private static boolean keeps(String id) {
        return id.length() <= LONGEST_ID && id.chars().noneMatch(c -> c < ' ' || Character.isSurrogate((char) c));
    }

    @Override
    public CompletableFuture<Map<String, List<Owner>>> findLater(Collection<String> ids) {
        List<String> kept = ids.stream().filter(StoredOwners::keeps).toList();
        if (kept.isEmpty()) {
            return null;
        }
        CompletableFuture<Map<String, List<Owner>>> found = new CompletableFuture<>();
        if (lookUps.incrementAndGet() > MOST_LOOK_UPS) {
            lookUps.decrementAndGet();
            found.completeExceptionally(new SQLException("too many look-ups wait for the database"));
            return found;
        }
        try {
            thread.execute(() -> find(kept, found));
        } catch (RuntimeException closed) {
            lookUps.decrementAndGet();
            found.completeExceptionally(closed);
        }
        return found;
    }

    private void find(List<String> ids, CompletableFuture<Map<String, List<Owner>>> result) {
        lookUps.decrementAndGet();
        if (result.isDone()) {
            return;
        }
        try {
            result.complete(learn(table.find(ids), ids));
        } catch (SQLException | RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    /** Takes what the database says into memory, but for what has changed since. */
    private synchronized Map<String, List<Owner>> learn(Map<String, List<Owner>> stored, List<String> ids) {
        Map<String, List<Owner>> found = new HashMap<>();
        for (String id : ids) {
            // Memory keeps a few owners of one id; whoever asks may be another.
            Set<Owner> owners = new LinkedHashSet<>(memory.of(id));
            stored.getOrDefault(id, List.of()).stream()
                    .filter(owner -> !pending.containsKey(new Change.Row(id, owner.key()))
                            || pending.get(new Change.Row(id, owner.key())).what() == Change.What.USED)
                    .forEach(owners::add);
            pending.values().stream()
                    .filter(change ->
                            change.what() == Change.What.MADE && change.id().equals(id))
                    .map(Change::owner)
                    .forEach(owners::add);
            List<Owner> all = new ArrayList<>(owners);
            Collections.reverse(all);
            all.forEach(owner -> memory.made(id, owner));
            found.put(id, List.copyOf(owners));
            owners.forEach(owner -> note(new Change(Change.What.USED, id, owner)));
        }
        return found;
    }

    private void write() {
        try {
            for (List<Change> batch = next(); !batch.isEmpty(); batch = next()) {
                table.write(batch, day());
                written(batch);
            }
        } catch (SQLException | RuntimeException e) {
            FAILURES.log("object_owners_unavailable", e);
        }
    }

    private synchronized List<Change> next() {
        return pending.values().stream().limit(BATCH).toList();
    }

    private synchronized void written(List<Change> batch) {
        batch.forEach(change -> pending.remove(change.row(), change));
    }

    private void expire() {
        try {
            table.expire(day() - limits.retention().toDays());
        } catch (SQLException | RuntimeException e) {
            FAILURES.log("object_owners_unavailable", e);
        }
    }

    private long day() {
        return TimeUnit.MILLISECONDS.toDays(clock.millis());
    }

    /** Writes what is there, for five seconds at most, and ends. */
    @Override
    public void close() {
        if (!thread.isShutdown()) {
            thread.execute(() -> {
                write();
                table.close();
            });
            thread.shutdown();
        }
        try {
            if (!thread.awaitTermination(MOST_TO_END.toMillis(), TimeUnit.MILLISECONDS)) {
                FAILURES.log("object_owners_cut_off");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
