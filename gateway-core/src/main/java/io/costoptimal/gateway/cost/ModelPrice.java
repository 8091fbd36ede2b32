package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Usage;
import java.util.Objects;

/**
 * What one model costs: a price for each class of tokens, in tiers by the length of the input, and a fee for a request.
 * Immutable, any thread; computing a cost allocates nothing.
 *
 * <p>A tier is chosen by the whole input (uncached, cached and written to the cache) and prices the whole request, not only
 * the tokens above its edge. Tier 0 holds below all edges.
 */
public final class ModelPrice implements Price {

    private static final TokenClass[] CLASSES = TokenClass.values();

    private final Facts facts;
    private final Tier[] tiers;

    /**
     * What is known beside the prices of tokens.
     *
     * @param model {@code vendor/model}; {@code null} when not known
     * @param tokenizer name of the encoding whose counts are the provider's; {@code null} when it is another vendor's
     * @param charges beside tokens at their usual price
     */
    record Facts(String model, String version, String tokenizer, Charges charges, Room room) {}

    /** What is charged beside tokens at their usual price: nano-dollars for each answered request, and extras. */
    record Charges(long fee, ExtraPrices extras) {}

    /** How many tokens there is room for; -1 where not known. */
    record Room(long window, long output) {}

    /**
     * The prices for input of more than so many tokens.
     *
     * @param above -1 for the first
     * @param prices by class, none missing
     * @param named by class, whether the table has a price of it, in this tier or in the first
     */
    record Tier(long above, long[] prices, boolean[] named) {}

    ModelPrice(Facts facts, Tier[] tiers) {
        this.facts = facts;
        this.tiers = tiers;
    }

    /** A price to be filled in; see {@link ModelPriceBuilder}. */
    public static ModelPriceBuilder builder() {
        return new ModelPriceBuilder();
    }

    @Override
    public long cost(Usage usage, boolean answered) {
        Usage.Input input = usage.input();
        Usage.Output output = usage.output();
        Tier tier = tiers[
                tierOf(Money.bounded(input.uncached())
                        + Money.bounded(input.cached())
                        + Money.bounded(input.written())
                        + Money.bounded(input.written1h()))];
        long whole = 0;
        long rest = 0;
        for (TokenClass tokenClass : CLASSES) {
            long tokens = tokens(tokenClass, input, output, tier);
            long price = tier.prices()[tokenClass.ordinal()];
            whole += Money.whole(tokens, price);
            rest += Money.rest(tokens, price);
        }
        return (answered ? fee() : 0)
                + (usage.extras().isEmpty() ? Money.rounded(whole, rest) : extras().cost(whole, rest, usage.extras()));
    }

    private static long tokens(TokenClass tokenClass, Usage.Input input, Usage.Output output, Tier tier) {
        return switch (tokenClass) {
            case INPUT ->
                Math.max(0, Money.bounded(input.uncached()) - sound(TokenClass.AUDIO_INPUT, input.audio(), tier));
            case CACHED_INPUT -> Money.bounded(input.cached());
            case CACHE_WRITE -> Money.bounded(input.written());
            case CACHE_WRITE_1H -> Money.bounded(input.written1h());
            case AUDIO_INPUT -> Math.min(Money.bounded(input.uncached()), sound(tokenClass, input.audio(), tier));
            case AUDIO_OUTPUT -> audioOutput(output, tier);
            case REASONING ->
                Math.min(Money.bounded(output.reasoning()), Money.bounded(output.tokens()) - audioOutput(output, tier));
            case OUTPUT ->
                Math.max(
                        0,
                        Money.bounded(output.tokens()) - audioOutput(output, tier) - Money.bounded(output.reasoning()));
        };
    }

    private static long audioOutput(Usage.Output output, Tier tier) {
        return Math.min(Money.bounded(output.tokens()), sound(TokenClass.AUDIO_OUTPUT, output.audio(), tier));
    }

    /** Sound that has a price; what has none is charged as text. */
    private static long sound(TokenClass tokenClass, long tokens, Tier tier) {
        return tier.named()[tokenClass.ordinal()] ? Money.bounded(tokens) : 0;
    }

    @Override
    public boolean partial(Usage usage) {
        return !extras().cover(usage.extras())
                || usage.input().audio() > 0 && !tiers[0].named()[TokenClass.AUDIO_INPUT.ordinal()]
                || usage.output().audio() > 0 && !tiers[0].named()[TokenClass.AUDIO_OUTPUT.ordinal()];
    }

    /** The number of tiers, at least one. */
    public int tiers() {
        return tiers.length;
    }

    /** The most tokens of input for which the tier below holds; -1 for tier 0, which holds from the start. */
    public long above(int tier) {
        return tiers[tier].above();
    }

    /** Nano-dollars for a million tokens. */
    public long price(int tier, TokenClass tokenClass) {
        return tiers[tier].prices()[tokenClass.ordinal()];
    }

    /** Whether the table named a price of this class, here or in tier 0, rather than having it follow from another class. */
    public boolean named(int tier, TokenClass tokenClass) {
        return tiers[tier].named()[tokenClass.ordinal()];
    }

    /** Which tier prices a request of so many tokens of input. */
    public int tierOf(long input) {
        int tier = tiers.length - 1;
        while (input <= tiers[tier].above()) {
            tier--;
        }
        return tier;
    }

    /** Nano-dollars for each request answered below 400. */
    public long fee() {
        return facts.charges().fee();
    }

    /** What the table says of rates and tools. */
    public ExtraPrices extras() {
        return facts.charges().extras();
    }

    /** The name of the encoding whose counts are the provider's; {@code null} when it has a tokenizer of its own. */
    public String tokenizer() {
        return facts.tokenizer();
    }

    @Override
    public String model() {
        return facts.model();
    }

    @Override
    public String version() {
        return facts.version();
    }

    @Override
    public long contextWindow() {
        return facts.room().window();
    }

    @Override
    public long maxOutput() {
        return facts.room().output();
    }

    @Override
    public long inputPrice() {
        return price(0, TokenClass.INPUT);
    }

    @Override
    public long outputPrice() {
        return price(0, TokenClass.OUTPUT);
    }

    @Override
    public String toString() {
        return Objects.requireNonNullElse(model(), "a model") + " (" + version() + ")";
    }
}
