package io.costoptimal.gateway.cost;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Choice.Certainty;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.exchange.Usage;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The chooser against brute force that has counted everything. {@code -Dgateway.cost.cases} and {@code -Dgateway.cost.seed}
 * make it longer or different.
 */
class CheapestDifferentialTest {

    private static final int CASES = Integer.getInteger("gateway.cost.cases", 100_000);
    private static final long SEED = Long.getLong("gateway.cost.seed", 2026);
    private static final int DRAWS = 6;

    private final Ranking ranking = new Ranking();
    private final Map<Certainty, Integer> said = new EnumMap<>(Certainty.class);
    private int counted;
    private int leftOpen;
    private int noneFits;

    @Test
    void theCheapestIsBruteForcesAndNothingIsCalledProvenThatBruteForceFindsCheaperElsewhere() {
        for (int i = 0; i < CASES; i++) {
            RandomCase random = new RandomCase(new SplittableRandom(SEED + i));
            try {
                check(random);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError("case " + i + " of seed " + SEED + ": " + random, e);
            }
        }
        System.out.println("cheapest: " + CASES + " cases of seed " + SEED + ": " + said + ", counted " + counted
                + ", bounds left open " + leftOpen + ", no room " + noneFits);
        for (Certainty certainty :
                List.of(Certainty.PROVEN, Certainty.COUNTED, Certainty.EXPECTED, Certainty.ESTIMATED)) {
            assertThat(said.getOrDefault(certainty, 0)).as(certainty.word()).isGreaterThan(CASES / 100);
        }
        assertThat(noneFits).isPositive();
    }

    private void check(RandomCase random) {
        CostChooser chooser = new CostChooser(random.prices());
        ScriptedCount counting = random.counting();

        assertThat(chooser.choose(random.demand(), counting, ranking)).isTrue();
        said.merge(ranking.certainty(), 1, Integer::sum);
        counted += counting.counted() ? 1 : 0;
        isBruteForces(random);
        keepsItsWord(random, counting);
        countedOnlyWhatItHadTo(random, counting);
        ordersTheRest(random, counting);

        TokenSource bounds = TokenSource.bounds(random.low(), random.high());
        if (chooser.choose(random.demand(), bounds, ranking)) {
            assertThat(counting.asked()).isEmpty();
            isBruteForces(random);
        } else {
            leftOpen++;
            assertThat(counting.asked()).hasSize(1);
        }

        ScriptedCount exact = ScriptedCount.exact(random.count(), counting.encoding());
        chooser.choose(random.demand(), exact, ranking);
        isProvenWhereItCanBe(random);
    }

    /** Costs at the real count what brute force's choice is expected to cost there; the others are told by the others. */
    private void isBruteForces(RandomCase random) {
        BruteForce all = random.bruteForce();
        int best = all.first(random.count());
        if (best < 0) {
            assertThat(ranking.priced()).isFalse();
            noneFits += ranking.fits() ? 0 : 1;
            return;
        }
        assertThat(ranking.fits()).isTrue();
        int chosen = ranking.candidate(0);
        assertThat(all.fitting(random.count())).contains(chosen);
        assertThat(all.expected(chosen, random.count())).isEqualTo(all.expected(best, random.count()));
    }

    /** With the tokens counted beforehand it is brute force's choice to the last tie, and proven if and only if it is. */
    private void isProvenWhereItCanBe(RandomCase random) {
        BruteForce all = random.bruteForce();
        int best = all.first(random.count());
        if (best < 0) {
            return;
        }
        assertThat(ranking.candidate(0)).isEqualTo(best);
        boolean bounded = all.fitting(random.count()).stream().allMatch(i -> all.most(i) < BruteForce.UNBOUNDED);
        if (bounded && random.isHonest(true)) {
            assertThat(ranking.certainty() == Certainty.COUNTED).isEqualTo(all.isNeverDearer(best, random.count()));
            boolean anyIs = all.fitting(random.count()).stream().anyMatch(i -> all.isNeverDearer(i, random.count()));
            assertThat(all.isNeverDearer(best, random.count())).isEqualTo(anyIs);
        }
    }

    /** Draws what may come: inputs between the bounds, outputs, and what caches do. */
    private void keepsItsWord(RandomCase random, TokenSource tokens) {
        if (!ranking.priced()) {
            return;
        }
        Certainty certainty = ranking.certainty();
        boolean proven = certainty == Certainty.PROVEN || certainty == Certainty.COUNTED;
        boolean honest = random.isHonest(tokens.counted());
        assertThat(certainty == Certainty.ESTIMATED).isNotEqualTo(honest);
        assertThat(certainty == Certainty.COUNTED).isEqualTo(proven && tokens.counted());
        int chosen = ranking.candidate(0);
        for (int draw = 0; draw < DRAWS; draw++) {
            long input = draw == 0 ? random.count() : random.between(tokens.low(), tokens.high());
            RandomCase.Outputs outputs = random.outputs();
            long cost = cost(random, chosen, input, outputs);
            if (cost < ranking.low() || cost > ranking.high()) {
                throw new AssertionError(cost + " is not in " + ranking.low() + ".." + ranking.high());
            }
            for (int other : random.bruteForce().fitting(input)) {
                long more = cost - cost(random, other, input, outputs);
                if (other != chosen && more > (proven ? 0 : ranking.regret())) {
                    throw new AssertionError(other + " is cheaper by " + more + " at " + input);
                }
            }
            if (proven && draw < 2) {
                assertThat(random.bruteForce().isNeverDearer(chosen, input)).isTrue();
            }
        }
    }

    /** By brute force's own numbers, which must be what the price says a row costs. */
    private static long cost(RandomCase random, int candidate, long input, RandomCase.Outputs outputs) {
        long[] in = random.split(input);
        long[] out = outputs.of(candidate);
        BigInteger cost = Rival.rounded(random.rival(candidate).cost(in, out[0], out[1]));
        Usage usage = new Usage(
                new Usage.Input(in[0], in[1], in[2], in[3], -1), new Usage.Output(out[0] + out[1], out[1], -1));
        if (random.prices().get(candidate).cost(usage, true) != cost.longValueExact()) {
            throw new AssertionError(random.prices().get(candidate).cost(usage, true) + " is not " + cost);
        }
        return cost.longValueExact();
    }

    /** Brute force would choose another one at the limit that was counted past, so it had to be. */
    private static void countedOnlyWhatItHadTo(RandomCase random, ScriptedCount counting) {
        assertThat(counting.asked()).hasSizeLessThanOrEqualTo(1);
        BruteForce all = random.bruteForce();
        for (long limit : counting.asked()) {
            assertThat(limit).isBetween(random.low(), random.high() - 1);
            int below = all.first(limit);
            int above = all.first(random.high());
            assertThat(below).isNotEqualTo(above);
            if (above >= 0 && all.fitting(limit).contains(above)) {
                assertThat(all.expected(below, limit)).isLessThan(all.expected(above, limit));
            }
        }
    }

    private void ordersTheRest(RandomCase random, ScriptedCount counting) {
        List<Integer> order = new ArrayList<>();
        for (int rank = 0; rank < ranking.size(); rank++) {
            order.add(ranking.candidate(rank));
        }
        assertThat(order).doesNotHaveDuplicates();
        List<Integer> all =
                new ArrayList<>(ranking.fits() ? random.bruteForce().fitting(counting.low()) : random.withPrice());
        if (!ranking.priced() && ranking.fits()) {
            all.clear();
        }
        all.addAll(random.withoutPrice());
        assertThat(order).containsExactlyInAnyOrderElementsOf(all);
        assertThat(order.subList(order.size() - random.withoutPrice().size(), order.size()))
                .isEqualTo(random.withoutPrice());
        Map<Integer, BigInteger> expected = new HashMap<>();
        random.withPrice().forEach(i -> expected.put(i, random.bruteForce().expected(i, counting.low())));
        if (ranking.fits() && counting.low() == counting.high()) {
            assertThat(order.stream().map(expected::get).filter(Objects::nonNull))
                    .isSorted();
        }
    }
}
