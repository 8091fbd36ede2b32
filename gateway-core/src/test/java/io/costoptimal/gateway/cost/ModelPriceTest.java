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

import io.costoptimal.gateway.exchange.Usage;
import java.math.BigInteger;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    @ParameterizedTest(name = "{9}")
    @CsvSource(useHeadersInDisplayName = true, delimiter = '|', textBlock = """
            price|     uncached| cached| written| written1h| output| reasoning| answered| cost| why
            plain|     1000|     0|      0|       0|         0|      0|         true|     2500000| uncached input
            plain|     0|        1000|   0|       0|         0|      0|         true|     1250000| cached input has its own price
            plain|     0|        0|      1000|    0|         0|      0|         true|     2500000| a cache write without a price costs input
            plain|     0|        0|      0|       1000|      0|      0|         true|     2500000| and so does one for an hour
            plain|     0|        0|      0|       0|         1000|   0|         true|     10000000| output
            plain|     0|        0|      0|       0|         1000|   400|       true|     10000000| reasoning is part of output
            plain|     0|        0|      0|       0|         1000|   2000|      true|     10000000| more reasoning than output is a fault: no more than output
            plain|     1000|     500|    0|       0|         200|    -1|        true|     5125000| the sum
            plain|     -1|       -1|     -1|      -1|        -1|     -1|        true|     0| what was not told costs nothing
            anthropic| 0|        1000|   0|       0|         0|      0|         true|     3000000| cached input without a price costs input
            anthropic| 0|        0|      1000|    0|         0|      0|         true|     3750000| a cache write has its own price
            anthropic| 0|        0|      0|       1000|      0|      0|         true|     6000000| an hour at Anthropic costs twice the input
            full|      0|        0|      0|       0|         0|      0|         true|     500000| the fee of an answered request
            full|      0|        0|      0|       0|         0|      0|         false|    0| none when it failed
            full|      1000|     1000|   1000|    1000|      1000|   400|       true|     30550000| every class at its price and reasoning at its own
            full|      200000|   0|      0|       0|         0|      0|         false|    600000000| up to the edge: the first tier
            full|      200001|   0|      0|       0|         0|      0|         false|    1200006000| above it: all of it by the second
            full|      0|        200001| 0|       0|         0|      0|         false|    120000600| cached input counts for the tier
            full|      0|        0|      200001|  0|         0|      0|         false|    1500007500| written input counts for the tier
            full|      1|        100000| 50000|   50000|     1000|   0|         false|    1057506000| and all together; an hour keeps its proportion 2 : 1
            full|      200001|   0|      0|       0|         1000|   1000|      false|    1230006000| reasoning keeps its proportion 4 : 3
            least|     499999|   0|      0|       0|         0|      0|         true|     0| less than half a nano-dollar
            least|     500000|   0|      0|       0|         0|      0|         true|     1| half a nano-dollar is rounded up
            least|     250000|   0|      0|       0|         250000| 0|         true|     1| rounded once, not by class
            most|      1000000000| 1000000000| 0| 0|         1000000000| 0|     true|     3000000000000000000| a billion tokens at a dollar each
            """)
    void costs(
            String price,
            long uncached,
            long cached,
            long written,
            long written1h,
            long output,
            long reasoning,
            boolean answered,
            long cost,
            String why) {
        Usage usage = new Usage(
                new Usage.Input(uncached, cached, written, written1h, -1), new Usage.Output(output, reasoning, -1));

        assertThat(TABLE.get(price).cost(usage, answered)).as(why).isEqualTo(cost);
        assertThat(TABLE.get(price).partial(usage)).isFalse();
    }

    @Test
    void soundWithoutAPriceIsChargedAsTextAndTheCostIsPartial() {
        Usage usage = new Usage(new Usage.Input(1000, 0, 0, 0, 400), new Usage.Output(100, 0, 50));

        assertThat(PLAIN.cost(usage, true)).isEqualTo(2_500_000 + 1_000_000);
        assertThat(PLAIN.partial(usage)).isTrue();
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
