package io.costoptimal.gateway.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A request and its candidates, made up. Prices are taken from few values, so that ties and near ties are frequent. */
final class RandomCase {

    private static final String O200K = "o200k_base";
    private static final long[] DOLLARS_TENTHS = {0, 1, 2, 3, 5, 10, 25, 30, 100, 150};

    private final SplittableRandom random;
    private final List<Rival> rivals = new ArrayList<>();
    private final List<ModelPrice> prices = new ArrayList<>();
    private final Demand demand;
    private final long low;
    private final long high;
    private final long count;
    private final String encoding;
    private final BruteForce bruteForce;

    RandomCase(SplittableRandom random) {
        this.random = random;
        boolean foreign = one(12);
        int candidates = 1 + random.nextInt(5);
        for (int i = 0; i < candidates; i++) {
            rivals.add(one(25) ? null : rival(foreign));
            prices.add(rivals.get(i) == null ? null : rivals.get(i).price());
        }
        long maximum = one(4) ? -1 : random.nextLong(1L << random.nextInt(1, 15));
        long expected = one(2) ? -1 : random.nextLong(1L << random.nextInt(1, 13));
        Demand.Warm warm = one(3) ? new Demand.Warm(random.nextInt(candidates), random.nextInt(1001)) : null;
        demand = new Demand(one(6) ? 1 + random.nextInt(5) : 1, maximum, expected, !one(12), warm);
        long bytes = random.nextLong(1L << random.nextInt(1, 19));
        low = one(3) ? bytes / 128 : 0;
        high = one(10) ? low : bytes;
        count = between(low, one(2) ? low + (high - low) / 3 : high);
        encoding = one(20) ? "cl100k_base" : O200K;
        bruteForce = new BruteForce(rivals, demand);
    }

    private Rival rival(boolean foreign) {
        int tiers = one(3) ? 1 + random.nextInt(3) : 1;
        long[] above = new long[tiers];
        long[][] table = new long[tiers][];
        above[0] = -1;
        for (int i = 0; i < tiers; i++) {
            above[i] = i == 0 ? -1 : Math.max(0, above[i - 1]) + 1 + random.nextLong(1L << random.nextInt(2, 17));
            table[i] = tier();
        }
        long[] limits = {
            one(2) ? -1 : random.nextLong(1L << random.nextInt(8, 19)),
            one(4) ? -1 : random.nextLong(1L << random.nextInt(4, 15))
        };
        String[] names = {one(3) ? null : "v/" + random.nextInt(3), foreign && one(2) ? null : O200K};
        return new Rival(table, above, one(2) ? random.nextLong(2_000_000) : 0, limits, names);
    }

    /** Uncached, cached, written, written for an hour, output, reasoning. */
    private long[] tier() {
        long input = price();
        long cached = one(2) ? input : one(2) ? input / 10 : price();
        long written = one(2) ? input : one(2) ? input * 5 / 4 : price();
        long output = one(2) ? input * 4 : price();
        return new long[] {
            input, cached, written, one(2) ? written : 2 * input, output, one(4) ? price() : output,
        };
    }

    private long price() {
        long tenth = DOLLARS_TENTHS[random.nextInt(DOLLARS_TENTHS.length)];
        return one(4) ? random.nextLong(1L << random.nextInt(1, 40)) : tenth * 100_000_000;
    }

    private boolean one(int of) {
        return random.nextInt(of) == 0;
    }

    long between(long from, long to) {
        long drawn = from + (to > from ? random.nextLong(to - from + 1) : 0);
        return one(8) ? to : one(8) ? from : drawn;
    }

    /** How {@code input} is spread over the classes; often all of it is in one. */
    long[] split(long input) {
        long[] split = new long[Rival.INPUTS];
        long left = input;
        for (int i = 0; i < 2 && left > 0; i++) {
            long some = between(0, left);
            split[random.nextInt(Rival.INPUTS)] += some;
            left -= some;
        }
        split[random.nextInt(Rival.INPUTS)] += left;
        return split;
    }

    /** What came out: one text of a model, wherever it runs. */
    record Outputs(Map<Integer, long[]> byCandidate) {

        /** Text and reasoning. */
        long[] of(int candidate) {
            return byCandidate.get(candidate);
        }
    }

    Outputs outputs() {
        Map<Integer, long[]> drawn = new HashMap<>();
        for (int i : withPrice()) {
            int candidate = i;
            long[] same = drawn.keySet().stream()
                    .filter(other -> bruteForce.sameModel(candidate, other))
                    .findFirst()
                    .map(drawn::get)
                    .orElse(null);
            long all = between(0, bruteForce.most(candidate));
            long reasoning = between(0, all);
            drawn.put(candidate, same == null ? new long[] {all - reasoning, reasoning} : same);
        }
        return new Outputs(drawn);
    }

    ScriptedCount counting() {
        return new ScriptedCount(low, high, count, encoding);
    }

    List<Integer> withPrice() {
        return places(true);
    }

    List<Integer> withoutPrice() {
        return places(false);
    }

    private List<Integer> places(boolean priced) {
        return IntStream.range(0, rivals.size())
                .filter(i -> priced == (rivals.get(i) != null))
                .boxed()
                .toList();
    }

    /** Whether bounds and counts hold for what every candidate bills, if they were counted or not. */
    boolean isHonest(boolean counted) {
        return demand.textOnly()
                && withoutPrice().isEmpty()
                && rivals.stream().allMatch(rival -> O200K.equals(rival.tokenizer()))
                && (!counted || O200K.equals(encoding));
    }

    Rival rival(int candidate) {
        return rivals.get(candidate);
    }

    List<ModelPrice> prices() {
        return prices;
    }

    Demand demand() {
        return demand;
    }

    BruteForce bruteForce() {
        return bruteForce;
    }

    long low() {
        return low;
    }

    long high() {
        return high;
    }

    long count() {
        return count;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("input " + count + " in " + low + ".." + high + ", " + demand);
        for (Rival rival : rivals) {
            text.append("\n  ")
                    .append(
                            rival == null
                                    ? "no price"
                                    : Arrays.deepToString(rival.prices()) + " above " + Arrays.toString(rival.above())
                                            + " fee " + rival.fee() + " window, output "
                                            + Arrays.toString(rival.limits()) + " " + Arrays.toString(rival.names()));
        }
        return text.toString();
    }
}
