package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.ObjectOwners;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Owners of objects in memory, a bounded number of them: the one that was not asked for the longest time goes first, and its
 * object is then nobody's. Any thread; only requests that are about objects come here, so one lock does.
 */
public final class RememberedOwners implements ObjectOwners {

    /** An id has one owner but for providers that count from one; what is beyond a few is somebody's attempt to fill memory. */
    private static final int MOST_OF_ONE_ID = 8;

    /** Longer than the ids of any provider. */
    private static final int LONGEST_ID = 256;

    private final Map<String, List<Owner>> owners = new LinkedHashMap<>(16, 0.75f, true);
    private final int most;

    /** @param most ids that are remembered at a time */
    public RememberedOwners(int most) {
        this.most = most;
    }

    @Override
    public synchronized List<Owner> of(String id) {
        return owners.getOrDefault(id, List.of());
    }

    @Override
    public synchronized void made(String id, Owner owner) {
        if (id.length() > LONGEST_ID) {
            return;
        }
        List<Owner> all = new ArrayList<>();
        all.add(owner);
        for (Owner other : owners.getOrDefault(id, List.of())) {
            if (!other.key().equals(owner.key()) && all.size() < MOST_OF_ONE_ID) {
                all.add(other);
            }
        }
        owners.put(id, List.copyOf(all));
        if (owners.size() > most) {
            owners.remove(owners.keySet().iterator().next());
        }
    }

    @Override
    public synchronized void deleted(String id, Owner owner) {
        List<Owner> others = owners.getOrDefault(id, List.of()).stream()
                .filter(other -> !other.is(owner))
                .toList();
        if (others.isEmpty()) {
            owners.remove(id);
        } else {
            owners.put(id, others);
        }
    }
}
