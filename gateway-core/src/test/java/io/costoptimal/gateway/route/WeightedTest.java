package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The order in which candidates with weights are tried. */
class WeightedTest {

    private static final Candidate A = new Candidate(RouterTest.provider("a"), null);
    private static final Candidate B = new Candidate(RouterTest.provider("b"), "b-large");
    private static final Candidate C = new Candidate(RouterTest.provider("c"), null);
    private static final TokenSource BOUNDS = TokenSource.bounds(0, 900);

    /** Of weights 1, 2 and 3: which numbers are drawn, below which bounds, and who comes in which order. */
    @ParameterizedTest
    @CsvSource({
        "0 0 0, 6 5 3, a b c",
        "0 1 0, 6 5 3, a b c",
        "0 2 0, 6 5 2, a c b",
        "1 0 0, 6 4 3, b a c",
        "2 1 0, 6 4 1, b c a",
        "3 0 0, 6 3 2, c a b",
        "5 2 0, 6 3 1, c b a"
    })
    void drawsEachByItsPartOfTheWeightThatIsLeft(String numbers, String bounds, String order) {
        Drawn drawn = new Drawn(numbers);

        assertThat(ids(decide(List.of(1, 2, 3), drawn))).isEqualTo(order);
        assertThat(drawn.bounds).isEqualTo(bounds);
    }

    @Test
    void putsThoseOfWeightZeroBehindTheOthersAsTheyAreListed() {
        assertThat(ids(decide(List.of(0, 7, 0), new Drawn("6")))).isEqualTo("b a c");
    }

    @Test
    void comesFirstAsOftenAsTheWeightSays() {
        SplittableRandom random = new SplittableRandom(11);
        Map<String, Integer> first = new HashMap<>();
        Router router = router(new Strategy.Weighted(List.of(6, 3, 1)), random::nextLong);
        for (int i = 0; i < 10_000; i++) {
            String id = ids(router.decide(Asking.model("m"), BOUNDS)).substring(0, 1);
            first.merge(id, 1, Integer::sum);
        }

        assertThat(first.get("a")).isBetween(5800, 6200);
        assertThat(first.get("b")).isBetween(2800, 3200);
        assertThat(first.get("c")).isBetween(850, 1150);
    }

    @Test
    void saysThatLotsWereDrawnAndWhoIsListed() {
        Choice choice = decide(List.of(0, 0, 1), new Drawn("0")).choice();

        assertThat(choice.certainty()).isEqualTo(Choice.Certainty.WEIGHTED);
        assertThat(choice.strategy().word()).isEqualTo("weighted");
        assertThat(choice.listed()).containsExactly(A, B, C);
        assertThat(choice.cost()).isNull();
    }

    @Test
    void drawsForARuleThatHoldsAndKeepsTheOrderOfOneThatDoesNotSay() {
        RoutedRule lots = new RoutedRule(Rule.compile("Stream"), List.of(A, B), new Strategy.Weighted(List.of(1, 1)));
        RoutedRule listed = new RoutedRule(Rule.compile("MaxTokens == -1"), List.of(C, A));
        Router router = router(
                new ModelRoutes("m", List.of(), List.of(lots, listed), null),
                new Choosers(Prices.NONE, CostMemory.UNTOLD, bound -> bound - 1));

        assertThat(ids(router.decide(Asking.model("m"), BOUNDS))).isEqualTo("c a");
        Decision streamed = router.decide(Asking.streamed("m"), BOUNDS);
        assertThat(ids(streamed)).isEqualTo("b a");
        assertThat(streamed.matched()).isEqualTo("rule 1: Stream");
    }

    @Test
    void refusesWeightsThatDoNotFit() {
        assertThatThrownBy(() -> new Strategy.Weighted(List.of(1, -1)))
                .hasMessage("weight: -1 (expected: 0 to 1000000)");
        assertThatThrownBy(() -> new Strategy.Weighted(List.of(0, 0)))
                .hasMessage("weights: [0, 0] (expected: one above 0)");
        assertThatThrownBy(
                        () -> new ModelRoutes("m", List.of(A), new Strategy.Weighted(List.of(1, 2)), List.of(), null))
                .hasMessage("weights: 2 (expected: 1, one for each candidate)");
    }

    /** Gives numbers that were written down, and notes below which bound each was asked for. */
    private static final class Drawn implements LongUnaryOperator {

        private final Queue<Long> numbers = new ArrayDeque<>();
        private String bounds = "";

        Drawn(String numbers) {
            for (String number : numbers.split(" ")) {
                this.numbers.add(Long.valueOf(number));
            }
        }

        @Override
        public long applyAsLong(long bound) {
            bounds = (bounds + " " + bound).strip();
            return numbers.remove();
        }
    }

    private static Decision decide(List<Integer> weights, LongUnaryOperator random) {
        return router(new Strategy.Weighted(weights), random).decide(Asking.model("m"), BOUNDS);
    }

    private static Router router(Strategy strategy, LongUnaryOperator random) {
        return router(
                new ModelRoutes("m", List.of(A, B, C), strategy, List.of(), null),
                new Choosers(Prices.NONE, CostMemory.UNTOLD, random));
    }

    private static Router router(ModelRoutes model, Choosers choosers) {
        return new Router(new RouteTable(Map.of(), List.of(model), null, RetryOn.ALL), choosers);
    }

    private static String ids(Decision decision) {
        List<String> ids = new ArrayList<>();
        decision.candidates().forEach(candidate -> ids.add(candidate.provider().id()));
        return String.join(" ", ids);
    }
}
