package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.ModelPriceBuilder;
import io.costoptimal.gateway.cost.TokenClass;
import java.util.List;

/**
 * What one model costs, as a table says it. Immutable.
 *
 * @param base prices up to the first tier; names input and output at least
 * @param tiers prices of requests with more input, by rising {@link Tier#above}
 * @param perRequest nano-dollars for each answered request, beside its tokens
 * @param context tokens of the context window; {@link #UNKNOWN} when the table does not say
 * @param maxOutput tokens of the longest answer; {@link #UNKNOWN} when the table does not say
 */
public record Tariff(Rates base, List<Tier> tiers, long perRequest, long context, long maxOutput) {

    /** A limit of the model's that is not known. */
    public static final long UNKNOWN = -1;

    /** The highest fee taken: a thousand dollars for each request. */
    public static final long MAX_PER_REQUEST = 1_000_000_000_000L;

    /** The most tokens that a limit or a tier may have: no usage above it is believed either. */
    public static final long MAX_TOKENS = 1_000_000_000L;

    /**
     * Prices of a request whose whole input is long.
     *
     * @param above how many tokens of input are still priced by what stands before
     * @param rates what these tokens cost; a class that is not named keeps its proportion to its base price
     */
    public record Tier(long above, Rates rates) {

        public Tier {
            check("above", above, 1, MAX_TOKENS);
        }
    }

    public Tariff {
        if (!base.says(TokenClass.INPUT) || !base.says(TokenClass.OUTPUT)) {
            throw new IllegalArgumentException("input and output are needed");
        }
        long before = 0;
        for (Tier tier : tiers) {
            if (tier.above <= before) {
                throw new IllegalArgumentException(
                        "above: " + tier.above + " (expected: tiers in rising order, each once)");
            }
            before = tier.above;
        }
        check("per_request", perRequest, 0, MAX_PER_REQUEST);
        if (context != UNKNOWN) {
            check("context", context, 1, MAX_TOKENS);
        }
        if (maxOutput != UNKNOWN) {
            check("max_output", maxOutput, 1, MAX_TOKENS);
        }
        tiers = List.copyOf(tiers);
        try {
            builder(base, tiers).build();
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "tiers: a price that follows from the others is too high (expected: cached_input and the like in the"
                            + " tier, too)",
                    e);
        }
    }

    /** The same as a price to be completed with what no table says. */
    ModelPriceBuilder price() {
        return builder(base, tiers).fee(perRequest).window(context).maxOutput(maxOutput);
    }

    private static ModelPriceBuilder builder(Rates base, List<Tier> tiers) {
        ModelPriceBuilder price = ModelPrice.builder();
        base.said().forEach(price::price);
        tiers.forEach(tier -> {
            price.above(tier.above());
            tier.rates().said().forEach(price::price);
        });
        return price;
    }

    private static void check(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException(what + ": " + value + " (expected: " + min + " to " + max + ")");
        }
    }
}
