package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.cost.ModelPrice.Charges;
import io.costoptimal.gateway.cost.ModelPrice.Facts;
import io.costoptimal.gateway.cost.ModelPrice.Room;
import io.costoptimal.gateway.cost.ModelPrice.Tier;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a {@link ModelPrice} out of what a table says, working out what it does not say. One thread.
 *
 * <p>A class that no tier names: cached input and cache writes for five minutes cost what input costs; cache writes for an
 * hour cost twice the input where the vendor is Anthropic, else what writes for five minutes cost; reasoning costs what
 * output costs; sound is charged as text, see {@link ModelPrice#partial}. A class that tier 0 names and a later tier does
 * not keeps its proportion to input (or output), rounded half up to a nano-dollar per million.
 */
public final class ModelPriceBuilder {

    private static final String ANTHROPIC = "anthropic";

    /** By tier, the edge. */
    private final List<Long> edges = new ArrayList<>();
    /** By tier, what was named. */
    private final List<Map<TokenClass, Long>> named = new ArrayList<>();

    private String model;
    private String vendor;
    private String version = "none";
    private String tokenizer;
    private long fee;
    private ExtraPrices extras = ExtraPrices.NONE;
    private long window = -1;
    private long maxOutput = -1;

    ModelPriceBuilder() {
        edges.add(-1L);
        named.add(new EnumMap<>(TokenClass.class));
    }

    /** The name in the catalogue, {@code vendor/model}, which also tells the vendor. */
    public ModelPriceBuilder model(String name) {
        model = name;
        return this;
    }

    /** The vendor, where {@link #model} does not tell it. */
    public ModelPriceBuilder vendor(String name) {
        vendor = name;
        return this;
    }

    /** See {@link ModelPrice#version}. */
    public ModelPriceBuilder version(String label) {
        version = Objects.requireNonNull(label, "version");
        return this;
    }

    /** See {@link ModelPrice#tokenizer}. */
    public ModelPriceBuilder tokenizer(String encoding) {
        tokenizer = encoding;
        return this;
    }

    /** Nano-dollars for each request answered below 400. */
    public ModelPriceBuilder fee(long nanoUsd) {
        fee = checked("per_request", nanoUsd);
        return this;
    }

    /** What rates and tools cost; nothing is known of those that are not named. */
    public ModelPriceBuilder extras(ExtraPrices prices) {
        extras = Objects.requireNonNull(prices, "prices");
        return this;
    }

    /** See {@link ModelPrice#contextWindow}. */
    public ModelPriceBuilder window(long tokens) {
        window = tokens;
        return this;
    }

    /** See {@link ModelPrice#maxOutput}. */
    public ModelPriceBuilder maxOutput(long tokens) {
        maxOutput = tokens;
        return this;
    }

    /**
     * A price in the tier that was begun last.
     *
     * @param nanoUsd for a million tokens
     */
    public ModelPriceBuilder price(TokenClass tokenClass, long nanoUsd) {
        named.get(named.size() - 1).put(tokenClass, checked("price", nanoUsd));
        return this;
    }

    /** Begins a tier: the prices that follow hold for more than {@code tokens} of input. Edges only grow. */
    public ModelPriceBuilder above(long tokens) {
        long before = Math.max(0, edges.get(edges.size() - 1));
        if (tokens <= before) {
            throw new IllegalArgumentException("above: " + tokens + " (expected: > " + before + ")");
        }
        edges.add(tokens);
        named.add(new EnumMap<>(TokenClass.class));
        return this;
    }

    /**
     * The price.
     *
     * @throws IllegalArgumentException when input or output has no price
     */
    public ModelPrice build() {
        Map<TokenClass, Long> first = named.get(0);
        if (!first.containsKey(TokenClass.INPUT) || !first.containsKey(TokenClass.OUTPUT)) {
            throw new IllegalArgumentException("price: " + first.keySet() + " (expected: input and output)");
        }
        Tier[] tiers = new Tier[edges.size()];
        for (int i = 0; i < tiers.length; i++) {
            tiers[i] = tier(i);
        }
        return new ModelPrice(
                new Facts(model, version, tokenizer, new Charges(fee, extras), new Room(window, maxOutput)), tiers);
    }

    private Tier tier(int index) {
        Map<TokenClass, Long> first = named.get(0);
        Map<TokenClass, Long> own = named.get(index);
        TokenClass[] classes = TokenClass.values();
        long[] prices = new long[classes.length];
        boolean[] has = new boolean[classes.length];
        for (TokenClass tokenClass : classes) {
            int i = tokenClass.ordinal();
            int base = tokenClass.base().ordinal();
            has[i] = own.containsKey(tokenClass) || first.containsKey(tokenClass);
            if (own.containsKey(tokenClass)) {
                prices[i] = own.get(tokenClass);
            } else if (tokenClass == tokenClass.base()) {
                prices[i] = first.get(tokenClass);
            } else if (first.containsKey(tokenClass)) {
                prices[i] = proportion(first.get(tokenClass), prices[base], first.get(tokenClass.base()));
            } else {
                prices[i] = substitute(tokenClass, prices);
            }
        }
        return new Tier(edges.get(index), prices, has);
    }

    private long substitute(TokenClass tokenClass, long[] prices) {
        if (tokenClass != TokenClass.CACHE_WRITE_1H) {
            return prices[tokenClass.base().ordinal()];
        }
        return isAnthropic()
                ? checked("2 x input", Math.multiplyExact(2, prices[TokenClass.INPUT.ordinal()]))
                : prices[TokenClass.CACHE_WRITE.ordinal()];
    }

    private boolean isAnthropic() {
        return vendor == null ? model != null && model.startsWith(ANTHROPIC + "/") : vendor.equals(ANTHROPIC);
    }

    /** {@code price} x {@code now} / {@code before}, rounded half up; the same price where before was nothing. */
    private static long proportion(long price, long now, long before) {
        if (before == 0) {
            return price;
        }
        BigInteger twice = BigInteger.valueOf(price)
                .multiply(BigInteger.valueOf(now))
                .shiftLeft(1)
                .add(BigInteger.valueOf(before));
        return checked(
                "price in proportion",
                twice.divide(BigInteger.valueOf(before).shiftLeft(1)).longValueExact());
    }

    private static long checked(String what, long nanoUsd) {
        if (nanoUsd < 0 || nanoUsd > Money.HIGHEST_PRICE) {
            throw new IllegalArgumentException(
                    what + ": " + nanoUsd + " nano-dollars (expected: 0 to " + Money.HIGHEST_PRICE + ")");
        }
        return nanoUsd;
    }
}
