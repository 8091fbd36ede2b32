package io.costoptimal.gateway.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The same few things in other orders: each order's list is made when it is first asked for and kept, so that a request
 * does not make one. Any thread. At most {@value #KEPT} are kept; the last one asked for takes the place of another.
 */
public final class Orders<T> {

    private static final int KEPT = 64;

    private final List<T> listed;
    private final AtomicReferenceArray<Order<T>> kept = new AtomicReferenceArray<>(KEPT);

    private record Order<T>(int[] places, List<T> list) {}

    /** @param listed the things, in the order in which places count them */
    public Orders(List<T> listed) {
        this.listed = List.copyOf(listed);
    }

    /** Those that {@code ranking} has, in its order. Immutable. */
    public List<T> of(Ranking ranking) {
        int hash = ranking.size();
        for (int rank = 0; rank < ranking.size(); rank++) {
            hash = 31 * hash + ranking.candidate(rank);
        }
        int slot = (hash ^ hash >>> 6) & KEPT - 1;
        Order<T> order = kept.get(slot);
        if (order == null || !isOrder(ranking, order.places())) {
            order = order(ranking);
            kept.set(slot, order);
        }
        return order.list();
    }

    private static boolean isOrder(Ranking ranking, int[] places) {
        return Arrays.equals(ranking.order, 0, ranking.size, places, 0, places.length);
    }

    private Order<T> order(Ranking ranking) {
        int[] places = Arrays.copyOf(ranking.order, ranking.size);
        List<T> list = new ArrayList<>(places.length);
        for (int place : places) {
            list.add(listed.get(place));
        }
        return new Order<>(places, List.copyOf(list));
    }
}
