package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;

/** Draws the order of a weighted list. Immutable, any thread. */
final class Lots {

    private final List<Candidate> listed;
    private final int[] weights;
    private final long total;
    private final LongUnaryOperator random;

    /**
     * @param weights of the candidates
     * @param random gives a number from 0 to its argument, which is above 0, without that itself; any thread
     */
    Lots(List<Candidate> listed, Strategy.Weighted weights, LongUnaryOperator random) {
        this.listed = List.copyOf(listed);
        this.weights = weights.weights().stream().mapToInt(Integer::intValue).toArray();
        this.random = random;
        long sum = 0;
        for (int weight : this.weights) {
            sum += weight;
        }
        total = sum;
    }

    /** Another order for each call. */
    Choice draw() {
        int[] left = weights.clone();
        long sum = total;
        List<Candidate> order = new ArrayList<>(left.length);
        while (sum > 0) {
            int drawn = drawn(left, random.applyAsLong(sum));
            order.add(listed.get(drawn));
            sum -= left[drawn];
            left[drawn] = 0;
        }
        for (int i = 0; i < weights.length; i++) {
            if (weights[i] == 0) {
                order.add(listed.get(i));
            }
        }
        return new Choice(Choice.Certainty.WEIGHTED, order, listed, null);
    }

    /** The candidate whose part of the sum of {@code weights} holds {@code number}. */
    private static int drawn(int[] weights, long number) {
        int i = 0;
        for (long before = number; before >= weights[i]; i++) {
            before -= weights[i];
        }
        return i;
    }
}
