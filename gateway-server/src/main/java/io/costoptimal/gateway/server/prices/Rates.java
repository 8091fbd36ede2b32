package io.costoptimal.gateway.server.prices;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * Prices by class, in nano-dollars for a million tokens. Immutable.
 *
 * @param said the classes that a table names; the others follow from them
 */
public record Rates(Map<PriceClass, Long> said) {

    /** Stands for a class without a price of its own. */
    public static final long UNSAID = -1;

    /** The highest price taken: 100,000 dollars for a million tokens, which is more than a hundred times what any model costs. */
    public static final long MAX = 100_000_000_000_000L;

    public Rates {
        said.forEach((kind, price) -> {
            if (price < 0 || price > MAX) {
                throw new IllegalArgumentException(kind.key() + ": " + price + " (expected: 0 to " + MAX + ")");
            }
        });
        Map<PriceClass, Long> copy = new EnumMap<>(PriceClass.class);
        copy.putAll(said);
        said = Collections.unmodifiableMap(copy);
    }

    /** The price of {@code kind} in nano-dollars for a million tokens; {@link #UNSAID} when the table names none. */
    public long of(PriceClass kind) {
        return said.getOrDefault(kind, UNSAID);
    }

    /** Whether a price is named for {@code kind}. */
    public boolean says(PriceClass kind) {
        return said.containsKey(kind);
    }
}
