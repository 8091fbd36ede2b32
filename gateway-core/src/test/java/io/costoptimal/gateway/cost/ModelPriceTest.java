package io.costoptimal.gateway.cost;

import static io.costoptimal.gateway.cost.TokenClass.AUDIO_INPUT;
import static io.costoptimal.gateway.cost.TokenClass.AUDIO_OUTPUT;
import static io.costoptimal.gateway.cost.TokenClass.CACHED_INPUT;
import static io.costoptimal.gateway.cost.TokenClass.CACHE_WRITE;
import static io.costoptimal.gateway.cost.TokenClass.CACHE_WRITE_1H;
import static io.costoptimal.gateway.cost.TokenClass.INPUT;
import static io.costoptimal.gateway.cost.TokenClass.OUTPUT;
import static io.costoptimal.gateway.cost.TokenClass.REASONING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What an attempt costs. Money is nano-dollars; prices are nano-dollars per million tokens. */
class ModelPriceTest {

    /** 2.50, 1.25 and 10 USD per million. */
    private static final ModelPrice PLAIN = ModelPrice.builder()
            .price(INPUT, 2_500_000_000L)
            .price(CACHED_INPUT, 1_250_000_000L)
            .price(OUTPUT, 10_000_000_000L)
            .build();

    /** Every class has a price; another tier above 200 000. */
    private static final ModelPrice FULL = ModelPrice.builder()
            .price(INPUT, 3_000_000_000L)
            .price(CACHED_INPUT, 300_000_000L)
            .price(CACHE_WRITE, 3_750_000_000L)
            .price(CACHE_WRITE_1H, 6_000_000_000L)
            .price(OUTPUT, 15_000_000_000L)
            .price(REASONING, 20_000_000_000L)
            .fee(500_000)
            .above(200_000)
            .price(INPUT, 6_000_000_000L)
            .price(CACHED_INPUT, 600_000_000L)
            .price(CACHE_WRITE, 7_500_000_000L)
            .price(OUTPUT, 22_500_000_000L)
            .build();

    private static final ModelPrice ANTHROPIC = ModelPrice.builder()
            .model("anthropic/claude-x")
            .price(INPUT, 3_000_000_000L)
            .price(CACHE_WRITE, 3_750_000_000L)
            .price(OUTPUT, 15_000_000_000L)
            .build();

    /** One nano-dollar for a million tokens. */
    private static final ModelPrice LEAST =
            ModelPrice.builder().price(INPUT, 1).price(OUTPUT, 1).build();

    private static final ModelPrice MOST = ModelPrice.builder()
            .price(INPUT, Money.HIGHEST_PRICE)
            .price(CACHED_INPUT, Money.HIGHEST_PRICE)
            .price(OUTPUT, Money.HIGHEST_PRICE)
            .build();

    private static final Map<String, ModelPrice> TABLE =
            Map.of("plain", PLAIN, "full", FULL, "anthropic", ANTHROPIC, "least", LEAST, "most", MOST);

    /** The table in docs/cost.md, row by row. */
    static List<Arguments> attemptsInTheManual() throws IOException {
        List<String> lines = Files.readAllLines(Path.of("..", "docs", "cost.md"));
        int head = lines.indexOf(
                "| price | uncached | cached | written | written 1 h | output | reasoning | status | cost | why |");
        return lines.subList(head + 2, lines.size()).stream()
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.substring(1, line.lastIndexOf('|')).trim().split(" \\| "))
                .map(cells -> Arguments.of(cells[9], List.of(cells)))
                .toList();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("attemptsInTheManual")
    void costsWhatTheManualSays(String why, List<String> cells) {
        long[] tokens = cells.subList(1, 7).stream()
                .mapToLong(cell -> cell.equals("not told") ? -1 : Long.parseLong(cell))
                .toArray();
        Usage usage = new Usage(
                new Usage.Input(tokens[0], tokens[1], tokens[2], tokens[3], -1),
                new Usage.Output(tokens[4], tokens[5], -1));
        boolean answered = Integer.parseInt(cells.get(7)) < 400;

        ModelPrice price = TABLE.get(cells.get(0));
        assertThat(price.cost(usage, answered)).isEqualTo(Long.parseLong(cells.get(8)));
        assertThat(price.partial(usage)).isFalse();
    }

    @Test
    void theManualHasEnoughExamples() throws IOException {
        assertThat(attemptsInTheManual()).hasSizeGreaterThan(20);
    }

    @Test
    void soundWithoutAPriceIsChargedAsTextAndTheCostIsPartial() {
        Usage usage = new Usage(new Usage.Input(1000, 0, 0, 0, 400), new Usage.Output(100, 0, 50));

        assertThat(PLAIN.cost(usage, true)).isEqualTo(2_500_000 + 1_000_000);
        assertThat(PLAIN.partial(usage)).isTrue();
    }

    @Test
    void tokensAtAnotherRateAreChargedAtTheUsualOneAndTheCostIsPartial() {
        Usage usage = new Usage(
                new Usage.Input(1000, 0, 0, 0, -1),
                new Usage.Output(100, 0, -1),
                List.of(extra(Kind.SERVICE_TIER, "flex", 1)));

        assertThat(PLAIN.cost(usage, true)).isEqualTo(2_500_000 + 1_000_000);
        assertThat(PLAIN.partial(usage)).isTrue();
    }

    private static Usage.Extra extra(Kind kind, String name, long times) {
        return new Usage.Extra(kind, NameHash.of(name), times);
    }

    private static ModelPriceBuilder withExtras() {
        return ModelPrice.builder()
                .price(INPUT, 2_500_000_000L)
                .price(OUTPUT, 10_000_000_000L)
                .fee(7)
                .extras(new ExtraPrices(Map.of(
                        Kind.SERVICE_TIER, Map.of("flex", 500_000L, "priority", 1_750_000L),
                        Kind.SPEED, Map.of("fast", 6_000_000L),
                        Kind.INFERENCE_GEO, Map.of("us", 1_100_000L),
                        Kind.SERVER_TOOL, Map.of("web_search_requests", 10_000_000L))));
    }

    /** 1000 tokens of input and 100 of output cost 3,500,000 at the usual rate; the fee of 7 is not multiplied. */
    @ParameterizedTest(name = "{0} {1} x {2}: {3}")
    @CsvSource({
        "SERVICE_TIER, flex, 1, 1750007, false",
        "SERVICE_TIER, priority, 1, 6125007, false",
        "SERVICE_TIER, scale, 1, 3500007, true",
        "SPEED, fast, 1, 21000007, false",
        "SPEED, flex, 1, 3500007, true",
        "INFERENCE_GEO, us, 1, 3850007, false",
        "SERVER_TOOL, web_search_requests, 3, 33500007, false",
        "SERVER_TOOL, code_execution_requests, 3, 3500007, true",
    })
    void ratesMultiplyThePriceOfTokensAndToolsAreAdded(Kind kind, String name, long times, long cost, boolean partial) {
        Usage usage = new Usage(
                new Usage.Input(1000, 0, 0, 0, -1), new Usage.Output(100, 0, -1), List.of(extra(kind, name, times)));

        assertThat(withExtras().build().cost(usage, true)).isEqualTo(cost);
        assertThat(withExtras().build().partial(usage)).isEqualTo(partial);
    }

    @Test
    void ratesMultiplyEachOtherAndTheSumIsRoundedOnce() {
        List<Usage.Extra> extras = List.of(
                extra(Kind.SERVICE_TIER, "flex", 1),
                extra(Kind.INFERENCE_GEO, "us", 1),
                extra(Kind.SERVER_TOOL, "web_search_requests", 1),
                extra(Kind.SERVER_TOOL, "unheard_of", 1));
        Usage usage = new Usage(new Usage.Input(1, 0, 0, 0, -1), new Usage.Output(0, 0, -1), extras);

        // 2500 x 0.5 x 1.1 = 1375
        assertThat(withExtras().build().cost(usage, false)).isEqualTo(10_000_000 + 1375);
        assertThat(withExtras().build().partial(usage)).isTrue();
        assertThat(withExtras().price(INPUT, 1_000_000).build().cost(usage, false))
                .as("0.55 of a nano-dollar")
                .isEqualTo(10_000_000 + 1);
    }

    @Test
    void multipliersAndPricesOfToolsHaveBounds() {
        assertThatThrownBy(() -> new ExtraPrices(Map.of(Kind.SPEED, Map.of("fast", 1_000_000_001L))))
                .hasMessageContaining("fast: 1000000001 (expected: 0 to 1000000000)");
        assertThatThrownBy(() -> new ExtraPrices(Map.of(Kind.SERVER_TOOL, Map.of("search", -1L))))
                .hasMessageContaining("search: -1 (expected: 0 to 1000000000)");
    }

    @Test
    void theLargestAmountsDoNotOverflow() {
        Usage usage = new Usage(
                new Usage.Input(Money.MOST_TOKENS, 0, 0, 0, -1),
                new Usage.Output(0, 0, -1),
                List.of(extra(Kind.SPEED, "fast", 1)));
        ModelPrice price = ModelPrice.builder()
                .price(INPUT, Money.HIGHEST_PRICE)
                .price(OUTPUT, 0)
                .extras(new ExtraPrices(Map.of(Kind.SPEED, Map.of("fast", ExtraPrices.MOST))))
                .build();

        assertThat(price.cost(usage, true)).isEqualTo(Long.MAX_VALUE / 2);
    }

    @Test
    void soundWithAPriceIsChargedByItAndTheRestAsText() {
        ModelPrice price = ModelPrice.builder()
                .price(INPUT, 2_500_000_000L)
                .price(AUDIO_INPUT, 40_000_000_000L)
                .price(OUTPUT, 10_000_000_000L)
                .price(AUDIO_OUTPUT, 80_000_000_000L)
                .build();
        Usage usage = new Usage(new Usage.Input(1000, 0, 0, 0, 400), new Usage.Output(100, 10, 50));

        assertThat(price.cost(usage, true)).isEqualTo(600 * 2_500 + 400 * 40_000 + 50 * 10_000 + 50 * 80_000);
        assertThat(price.partial(usage)).isFalse();
    }

    @Test
    void aTierKeepsProportionsRoundedHalfUp() {
        ModelPrice price = ModelPrice.builder()
                .price(INPUT, 3)
                .price(CACHED_INPUT, 1)
                .price(OUTPUT, 2)
                .price(REASONING, 3)
                .above(10)
                .price(INPUT, 4)
                .price(OUTPUT, 3)
                .above(20)
                .price(INPUT, 5)
                .build();

        assertThat(price.price(1, CACHED_INPUT)).as("4/3 = 1.33").isEqualTo(1);
        assertThat(price.price(2, CACHED_INPUT)).as("5/3 = 1.67").isEqualTo(2);
        assertThat(price.price(1, REASONING)).as("9/2 = 4.5").isEqualTo(5);
        assertThat(price.price(2, OUTPUT)).as("not named: as in tier 0").isEqualTo(2);
        assertThat(price.price(1, CACHE_WRITE)).as("named nowhere: as input").isEqualTo(4);
    }

    @Test
    void aTierThatNamesOneKindOfCacheWriteGivesItToTheOtherThatIsNamedNowhere() {
        ModelPrice price = ModelPrice.builder()
                .price(INPUT, 4)
                .price(CACHE_WRITE, 5)
                .price(OUTPUT, 1)
                .above(10)
                .price(INPUT, 8)
                .price(CACHE_WRITE, 9)
                .build();

        assertThat(price.price(0, CACHE_WRITE_1H)).isEqualTo(5);
        assertThat(price.price(1, CACHE_WRITE_1H)).isEqualTo(9);
    }

    @Test
    void freeInputKeepsNoProportion() {
        ModelPrice price = ModelPrice.builder()
                .price(INPUT, 0)
                .price(CACHED_INPUT, 7)
                .price(OUTPUT, 0)
                .above(10)
                .price(INPUT, 5)
                .build();

        assertThat(price.price(1, CACHED_INPUT)).isEqualTo(7);
    }

    @Test
    void refusesWhatIsNoPrice() {
        assertThatThrownBy(() -> ModelPrice.builder().price(INPUT, -1)).hasMessageContaining("expected: 0 to ");
        assertThatThrownBy(() -> ModelPrice.builder().price(INPUT, Money.HIGHEST_PRICE + 1))
                .hasMessageContaining("expected: 0 to ");
        assertThatThrownBy(() -> ModelPrice.builder().fee(-1)).hasMessageContaining("per_request: -1");
        assertThatThrownBy(() -> ModelPrice.builder().price(OUTPUT, 1).build())
                .hasMessageContaining("expected: input and output");
        assertThatThrownBy(() -> ModelPrice.builder().above(10).above(10)).hasMessageContaining("above: 10");
        assertThatThrownBy(() -> ModelPrice.builder().above(0)).hasMessageContaining("above: 0");
    }

    /** The formula as it is written, in numbers without an end. */
    @Test
    void isExactForAnyNumbers() {
        Random random = new Random(11);
        for (int i = 0; i < 20_000; i++) {
            Map<TokenClass, Long> prices = new EnumMap<>(TokenClass.class);
            ModelPriceBuilder builder = ModelPrice.builder();
            for (TokenClass tokenClass : TokenClass.values()) {
                long price = random.nextLong(Money.HIGHEST_PRICE >> random.nextInt(50));
                prices.put(tokenClass, price);
                builder.price(tokenClass, price);
            }
            long[] tokens = random.longs(8, 0, 1 + Money.MOST_TOKENS / 4 >> random.nextInt(28))
                    .toArray();
            Usage usage = new Usage(
                    new Usage.Input(tokens[0] + tokens[4], tokens[1], tokens[2], tokens[3], tokens[4]),
                    new Usage.Output(tokens[5] + tokens[6] + tokens[7], tokens[6], tokens[7]));

            BigInteger sum = BigInteger.ZERO;
            for (TokenClass tokenClass : TokenClass.values()) {
                sum = sum.add(BigInteger.valueOf(tokens[tokenClass.ordinal()])
                        .multiply(BigInteger.valueOf(prices.get(tokenClass))));
            }
            long expected = sum.add(BigInteger.valueOf(500_000))
                    .divide(BigInteger.valueOf(1_000_000))
                    .longValueExact();
            assertThat(builder.build().cost(usage, true)).isEqualTo(expected);
        }
    }
}
