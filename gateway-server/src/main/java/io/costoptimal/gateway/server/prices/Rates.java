package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.TokenClass;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/**
 * Prices by class, in nano-dollars for a million tokens. Immutable.
 *
 * @param said the classes that a table names; the others follow from them
 */
public record Rates(Map<TokenClass, Long> said) {

    /** Stands for a class without a price of its own. */
    public static final long UNSAID = -1;

    /** The highest price taken: 100,000 dollars for a million tokens, which is more than a hundred times what any model costs. */
    public static final long MAX = 100_000_000_000_000L;

    public Rates {
        said.forEach((kind, price) -> {
            if (price < 0 || price > MAX) {
                throw new IllegalArgumentException(key(kind) + ": " + price + " (expected: 0 to " + MAX + ")");
            }
        });
        Map<TokenClass, Long> copy = new EnumMap<>(TokenClass.class);
        copy.putAll(said);
        said = Collections.unmodifiableMap(copy);
    }

    /** What configurations and files of prices call {@code kind}. */
    public static String key(TokenClass kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** The price of {@code kind} in nano-dollars for a million tokens; {@link #UNSAID} when the table names none. */
    public long of(TokenClass kind) {
        return said.getOrDefault(kind, UNSAID);
    }

    /** Whether a price is named for {@code kind}. */
    public boolean says(TokenClass kind) {
        return said.containsKey(kind);
    }
}
