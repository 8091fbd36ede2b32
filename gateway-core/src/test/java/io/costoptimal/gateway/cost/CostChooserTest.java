package io.costoptimal.gateway.cost;

import static io.costoptimal.gateway.cost.TokenClass.CACHED_INPUT;
import static io.costoptimal.gateway.cost.TokenClass.INPUT;
import static io.costoptimal.gateway.cost.TokenClass.OUTPUT;
import static io.costoptimal.gateway.cost.TokenClass.REASONING;
import static io.costoptimal.gateway.exchange.Choice.Certainty.COUNTED;
import static io.costoptimal.gateway.exchange.Choice.Certainty.ESTIMATED;
import static io.costoptimal.gateway.exchange.Choice.Certainty.EXPECTED;
import static io.costoptimal.gateway.exchange.Choice.Certainty.PROVEN;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Whom the chooser takes, and how sure it says it is. Prices are whole dollars per million tokens here. */
class CostChooserTest {

    private static final String O200K = "o200k_base";
    private static final long DOLLAR = 1_000_000_000;

    private final Ranking ranking = new Ranking();

    private static ModelPriceBuilder price(long input, long output) {
        return ModelPrice.builder()
                .price(INPUT, input * DOLLAR)
                .price(OUTPUT, output * DOLLAR)
                .tokenizer(O200K);
    }

    private List<Integer> order() {
        return IntStream.range(0, ranking.size()).mapToObj(ranking::candidate).toList();
    }

    private boolean choose(Demand demand, TokenSource tokens, ModelPriceBuilder... prices) {
        return new CostChooser(Arrays.stream(prices)
                        .map(builder -> builder == null ? null : builder.build())
                        .toList())
                .choose(demand, tokens, ranking);
    }

    @Test
    void theSameModelAtALowerPriceIsProvenToBeCheaperWhateverComesOut() {
        boolean chosen = choose(
                Demand.of(-1),
                TokenSource.bounds(0, 8000),
                price(3, 12).model("v/m"),
                price(2, 8).model("v/m"));

        assertThat(chosen).isTrue();
        assertThat(order()).containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(PROVEN);
        assertThat(ranking.regret()).isZero();
        assertThat(ranking.low()).isZero();
        assertThat(ranking.high()).as("nothing bounds the output").isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void anotherModelMayWriteMoreSoThatALowerPriceIsNoProof() {
        choose(Demand.of(1000), TokenSource.bounds(1000, 8000), price(3, 12), price(2, 8));

        assertThat(order()).containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(EXPECTED);
        assertThat(ranking.regret())
                .as("1000 x 8 more at most, and 1000 x 1 less")
                .isEqualTo(7_000_000);
        assertThat(ranking.low()).isEqualTo(2_000_000);
        assertThat(ranking.high()).isEqualTo(24_000_000);
        assertThat(ranking.expected()).as("2750 x 2 + 400 x 8").isEqualTo(8_700_000);
    }

    @Test
    void anotherModelIsProvenToBeCheaperWhereItsDearestIsNoMoreThanTheOthersCheapest() {
        choose(Demand.of(100), TokenSource.bounds(1000, 8000), price(3, 12), price(2, 8));

        assertThat(ranking.certainty()).as("100 x 8 < 1000 x (3 - 2)").isEqualTo(PROVEN);
    }

    @Test
    void aFullCacheElsewhereIsAPossibilityThatProofsMustSurvive() {
        choose(Demand.of(0), TokenSource.bounds(1000, 8000), price(3, 12).price(CACHED_INPUT, DOLLAR), price(2, 8));

        assertThat(order()).containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(EXPECTED);
        assertThat(ranking.regret()).isEqualTo(8_000_000);
    }

    @Test
    void countsNoFurtherThanTheDecisionTakes() {
        // Per request 0.001 dollars less, per token 1 more: the second is no dearer from 1000 tokens on.
        ModelPriceBuilder[] prices = {
            price(2, 1).model("v/m"), price(1, 1).model("v/m").fee(1_000_000)
        };
        ScriptedCount tokens = new ScriptedCount(0, 8000, 5000, O200K);

        assertThat(choose(Demand.of(10), TokenSource.bounds(0, 8000), prices)).isFalse();
        assertThat(choose(Demand.of(10), tokens, prices)).isTrue();

        assertThat(tokens.asked()).containsExactly(999L);
        assertThat(order()).containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(COUNTED);
    }

    @Test
    void aTierThatDoublesThePriceIsLookedAtFromBothSides() {
        ModelPriceBuilder[] prices = {
            price(2, 1).model("v/m").above(4000).price(INPUT, 4 * DOLLAR),
            price(3, 1).model("v/m")
        };

        assertThat(choose(Demand.of(10), TokenSource.bounds(0, 4000), prices)).isTrue();
        assertThat(order()).containsExactly(0, 1);
        assertThat(choose(Demand.of(10), TokenSource.bounds(0, 4001), prices)).isFalse();
        assertThat(choose(Demand.of(10), TokenSource.bounds(4001, 9000), prices))
                .isTrue();
        assertThat(order()).containsExactly(1, 0);
    }

    @Test
    void aWindowThatIsKnownToBeTooSmallIsLeftOutAndAnUnknownOneNever() {
        choose(
                Demand.of(1000),
                TokenSource.bounds(7001, 9000),
                price(1, 1).window(8000),
                price(2, 2).window(100_000),
                price(3, 3));

        assertThat(order()).containsExactly(1, 2);
        assertThat(ranking.fits()).isTrue();
    }

    @Test
    void countsToKnowWhetherTheCheapestHasRoom() {
        ModelPriceBuilder[] prices = {price(1, 1).window(8000), price(2, 2).window(100_000)};
        ScriptedCount room = new ScriptedCount(0, 9000, 7000, O200K);
        ScriptedCount none = new ScriptedCount(0, 9000, 7001, O200K);

        assertThat(choose(Demand.of(1000), TokenSource.bounds(0, 9000), prices)).isFalse();
        assertThat(choose(Demand.of(1000), room, prices)).isTrue();
        assertThat(order()).containsExactly(0, 1);
        assertThat(choose(Demand.of(1000), none, prices)).isTrue();
        assertThat(order()).containsExactly(1);
        assertThat(room.asked()).containsExactly(7000L);
    }

    @Test
    void whereNobodyHasRoomAllAreTriedTheLargestWindowFirst() {
        choose(
                Demand.of(0),
                TokenSource.bounds(9000, 9000),
                price(1, 1).window(1000),
                price(2, 2).window(8000),
                price(3, 3).window(4000));

        assertThat(order()).containsExactly(1, 2, 0);
        assertThat(ranking.fits()).isFalse();
        assertThat(ranking.priced()).isFalse();
    }

    @Test
    void candidatesWithoutAPriceComeLastAsTheyAreListedAndNothingIsProven() {
        choose(Demand.of(0), TokenSource.bounds(10, 10), null, price(2, 2), null, price(1, 1));

        assertThat(order()).containsExactly(3, 1, 0, 2);
        assertThat(ranking.certainty()).isEqualTo(ESTIMATED);
        assertThat(ranking.expected()).isEqualTo(10_000);
    }

    @Test
    void withoutAnyPriceTheOrderIsTheLists() {
        choose(Demand.of(0), TokenSource.bounds(0, 10), null, null);

        assertThat(order()).containsExactly(0, 1);
        assertThat(ranking.priced()).isFalse();
    }

    @Test
    void whatIsNotTextOrNotCountedAsTheProviderCountsIsEstimated() {
        Demand images = new Demand(1, 0, -1, false, null);
        ModelPriceBuilder[] prices = {price(1, 1), price(9, 9)};
        ModelPriceBuilder[] foreign = {price(1, 1), price(9, 9).tokenizer(null)};
        ModelPriceBuilder[] mixed = {price(1, 1), price(9, 9).tokenizer("cl100k_base")};
        TokenSource ten = TokenSource.bounds(10, 10);

        choose(Demand.of(0), ten, prices);
        assertThat(ranking.certainty()).isEqualTo(PROVEN);
        choose(images, ten, prices);
        assertThat(ranking.certainty()).isEqualTo(ESTIMATED);
        choose(Demand.of(0), ten, foreign);
        assertThat(ranking.certainty()).isEqualTo(ESTIMATED);
        choose(Demand.of(0), ten, mixed);
        assertThat(ranking.certainty()).isEqualTo(ESTIMATED);
        choose(Demand.of(0), ScriptedCount.exact(10, "cl100k_base"), prices);
        assertThat(ranking.certainty()).isEqualTo(ESTIMATED);
    }

    @Test
    void aConversationStaysWhereItsCacheSavesMoreThanAnotherIsCheaper() {
        ModelPriceBuilder[] prices = {price(2, 1), price(3, 1).price(CACHED_INPUT, DOLLAR)};
        TokenSource tokens = TokenSource.bounds(10_000, 10_000);

        choose(new Demand(1, 0, -1, true, new Demand.Warm(1, 501)), tokens, prices);
        assertThat(order()).as("3 - 2 x 0.501 < 2").containsExactly(1, 0);
        choose(new Demand(1, 0, -1, true, new Demand.Warm(1, 499)), tokens, prices);
        assertThat(order()).containsExactly(0, 1);
    }

    @Test
    void moreOutputThanExpectedMakesAnotherOneCheapest() {
        ModelPriceBuilder[] prices = {price(1, 20), price(4, 10)};
        TokenSource tokens = TokenSource.bounds(1000, 1000);

        choose(new Demand(1, 1000, 200, true, null), tokens, prices);
        assertThat(order()).as("1000 x 1 + 200 x 20 < 1000 x 4 + 200 x 10").containsExactly(0, 1);
        choose(new Demand(1, 1000, 400, true, null), tokens, prices);
        assertThat(order()).containsExactly(1, 0);
    }

    @Test
    void severalAnswersMakeTheOutputLonger() {
        choose(new Demand(5, 100, -1, true, null), TokenSource.bounds(10, 10), price(1, 1));

        assertThat(ranking.high()).isEqualTo(510_000);
    }

    @Test
    void ofEqualCandidatesTheOneListedFirstIsTaken() {
        choose(Demand.of(7), TokenSource.bounds(0, 10), price(1, 1), price(1, 1), price(1, 1));

        assertThat(order()).containsExactly(0, 1, 2);
    }

    @Test
    void ofTwoThatAreExpectedToCostTheSameTheOneThatMayTurnOutCheaperIsProven() {
        choose(
                Demand.of(7),
                TokenSource.bounds(0, 10),
                price(2, 1).model("v/m"),
                price(2, 1).model("v/m").price(CACHED_INPUT, DOLLAR));

        assertThat(order())
                .as("its input is never dearer, but may be read from a cache")
                .containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(PROVEN);
    }

    @Test
    void cheaperReasoningIsOneWayToTurnOutCheaper() {
        choose(
                Demand.of(7),
                TokenSource.bounds(0, 10),
                price(1, 10).model("v/m"),
                price(1, 10).model("v/m").price(REASONING, DOLLAR));

        assertThat(order()).containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(PROVEN);
    }

    @Test
    void whoCannotWaitForACountGetsTheLowestExpectedCostAndNoProof() {
        CostChooser chooser = new CostChooser(List.of(
                price(2, 1).model("v/m").build(),
                price(1, 1).model("v/m").fee(1_000_000).build()));

        chooser.guess(Demand.of(10), TokenSource.bounds(0, 8000), ranking);
        assertThat(order()).as("2000 tokens are likely").containsExactly(1, 0);
        assertThat(ranking.certainty()).isEqualTo(EXPECTED);
        chooser.guess(Demand.of(10), TokenSource.bounds(0, 3000), ranking);
        assertThat(order()).containsExactly(0, 1);
    }

    @Test
    void tellsWhatEachCandidateMayCost() {
        CostChooser chooser = new CostChooser(
                Arrays.asList(price(2, 8).price(CACHED_INPUT, DOLLAR).build(), null));
        TokenSource tokens = TokenSource.bounds(1000, 2000);

        assertThat(chooser.interval(0, Demand.of(100), tokens))
                .isEqualTo(new CostInterval(1_000_000, 4_800_000, 1250 * 2000 + 100 * 8000));
        assertThat(chooser.interval(1, Demand.of(100), tokens)).isNull();
        assertThat(chooser.expected(0, Demand.of(100), 1500)).isEqualTo(3_800_000);
        assertThat(chooser.expected(1, Demand.of(100), 1500)).isEqualTo(-1);
    }

    @Test
    void anOrderIsMadeOnceAndKept() {
        Orders<String> orders = new Orders<>(List.of("a", "b", "c"));

        choose(Demand.of(7), TokenSource.bounds(10, 10), price(3, 1), price(2, 1), price(1, 1));
        List<String> first = orders.of(ranking);
        assertThat(first).containsExactly("c", "b", "a");
        choose(Demand.of(7), TokenSource.bounds(10, 10), price(3, 1), price(2, 1), price(4, 1));
        assertThat(orders.of(ranking)).containsExactly("b", "a", "c");
        choose(
                Demand.of(7),
                TokenSource.bounds(10, 10),
                price(3, 1),
                price(2, 1).window(9),
                price(1, 1));
        assertThat(orders.of(ranking)).containsExactly("c", "a");
        choose(Demand.of(7), TokenSource.bounds(10, 10), price(3, 1), price(2, 1), price(1, 1));
        assertThat(orders.of(ranking)).isSameAs(first);
    }
}
