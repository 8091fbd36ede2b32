package io.costoptimal.gateway.cost;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * Chooses by looking at everything, with the tokens counted: the plainest reading of the rules, and none of the code that is
 * tested.
 *
 * @param rivals {@code null} for one without a price
 */
record BruteForce(List<Rival> rivals, Demand demand) {

    /** Where nothing bounds the output. */
    static final long UNBOUNDED = 1_000_000_000;

    private static final long USUAL = 400;

    long most(int i) {
        long each = demand.maximum();
        if (each < 0) {
            for (int j = 0; j < rivals.size(); j++) {
                if (rivals.get(j) != null && sameModel(i, j)) {
                    long own = rivals.get(j).maxOutput();
                    if (own < 0) {
                        return UNBOUNDED;
                    }
                    each = Math.max(each, own);
                }
            }
        }
        return Math.min(UNBOUNDED, each * demand.answers());
    }

    boolean sameModel(int i, int j) {
        String model = rivals.get(i).model();
        return i == j || model != null && model.equals(rivals.get(j).model());
    }

    /** Those with a price whose window is unknown, or has room for the input and the largest output named. */
    List<Integer> fitting(long input) {
        List<Integer> fitting = new ArrayList<>();
        for (int i = 0; i < rivals.size(); i++) {
            Rival rival = rivals.get(i);
            if (rival != null && (rival.window() < 0 || input + Math.max(0, demand.maximum()) <= rival.window())) {
                fitting.add(i);
            }
        }
        return fitting;
    }

    BigInteger expected(int i, long input) {
        Demand.Warm warm = demand.warm();
        long output = demand.expectedOutput() < 0 ? USUAL * demand.answers() : demand.expectedOutput();
        return rivals.get(i)
                .expected(input, warm != null && warm.candidate() == i ? warm.share() : 0, Math.min(output, most(i)));
    }

    BigInteger worst(int i, long input) {
        return dearest(i, input, new long[] {most(i), 0}).max(dearest(i, input, new long[] {0, most(i)}));
    }

    BigInteger best(int i, long input) {
        return cheapest(i, input, new long[] {0, 0});
    }

    /** The most output, once as text and once as reasoning. */
    private BigInteger outputs(int i, long input) {
        BigInteger none = rivals.get(i).cost(input, 0, 0, 0);
        BigInteger text = rivals.get(i).cost(input, 0, most(i), 0).subtract(none);
        return text.add(rivals.get(i).cost(input, 0, 0, most(i))).subtract(none);
    }

    /** -1 when nobody with a price has room. */
    int first(long input) {
        int first = -1;
        for (int i : fitting(input)) {
            first = first < 0 || compare(i, first, input) < 0 ? i : first;
        }
        return first;
    }

    private int compare(int i, int j, long input) {
        int order = expected(i, input).compareTo(expected(j, input));
        order = order != 0 ? order : worst(i, input).compareTo(worst(j, input));
        order = order != 0 ? order : best(i, input).compareTo(best(j, input));
        return order != 0 ? order : outputs(i, input).compareTo(outputs(j, input));
    }

    /** Whether {@code i} costs at most what {@code j} costs: in each corner of all that can happen, and so within them. */
    boolean neverDearer(int i, int j, long input) {
        for (long[] output : outputs(i)) {
            BigInteger mine = dearest(i, input, output);
            for (long[] others : sameModel(i, j) ? List.of(output) : outputs(j)) {
                if (mine.compareTo(cheapest(j, input, others)) > 0) {
                    return false;
                }
            }
        }
        return true;
    }

    private BigInteger dearest(int i, long input, long[] output) {
        BigInteger dearest = BigInteger.ZERO;
        for (int in = 0; in < Rival.INPUTS; in++) {
            dearest = dearest.max(rivals.get(i).cost(input, in, output[0], output[1]));
        }
        return dearest;
    }

    private BigInteger cheapest(int i, long input, long[] output) {
        BigInteger cheapest = rivals.get(i).cost(input, 0, output[0], output[1]);
        for (int in = 1; in < Rival.INPUTS; in++) {
            cheapest = cheapest.min(rivals.get(i).cost(input, in, output[0], output[1]));
        }
        return cheapest;
    }

    private List<long[]> outputs(int i) {
        return List.of(new long[] {0, 0}, new long[] {most(i), 0}, new long[] {0, most(i)});
    }

    /** Whether one of those that fit never costs more than any other that fits. */
    boolean isNeverDearer(int i, long input) {
        return fitting(input).stream().allMatch(j -> j == i || neverDearer(i, j, input));
    }
}
