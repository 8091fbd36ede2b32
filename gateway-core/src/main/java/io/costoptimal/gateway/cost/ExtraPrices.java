package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.NameHash;
import io.costoptimal.gateway.exchange.Usage.Extra;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import java.math.BigInteger;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a table says of what answers cost beside tokens at their usual price: by how much a rate multiplies the price of tokens,
 * and what one use of a tool costs. Immutable, any thread.
 */
public final class ExtraPrices {

    /** No table says anything of the kind. */
    public static final ExtraPrices NONE = new ExtraPrices(Map.of());

    /** What multiplies by one, in the unit of multipliers. */
    public static final long ONCE = 1_000_000;

    /** The highest multiplier, a thousand, in the unit of multipliers. */
    public static final long MOST = 1_000 * ONCE;

    /** The highest price of one use of a tool, in nano-dollars: a dollar. */
    public static final long MOST_FOR_A_USE = 1_000_000_000;

    private static final BigInteger UNIT = BigInteger.valueOf(Money.MILLION);

    private final Map<Kind, Map<String, Long>> named;
    /** The same by the hashes of the names. */
    private final Map<Kind, Map<Long, Long>> byHash = new EnumMap<>(Kind.class);

    /**
     * @param named by kind and name: millionths by which a rate multiplies; nano-dollars for one use of a tool
     * @throws IllegalArgumentException for what is negative or too large
     */
    public ExtraPrices(Map<Kind, Map<String, Long>> named) {
        Map<Kind, Map<String, Long>> copy = new EnumMap<>(Kind.class);
        named.forEach((kind, values) -> {
            copy.put(kind, Collections.unmodifiableMap(new TreeMap<>(values)));
            Map<Long, Long> hashes = new TreeMap<>();
            values.forEach((name, value) -> hashes.put(NameHash.of(name), checked(kind, name, value)));
            byHash.put(kind, hashes);
        });
        this.named = Collections.unmodifiableMap(copy);
    }

    private static long checked(Kind kind, String name, long value) {
        long most = kind == Kind.SERVER_TOOL ? MOST_FOR_A_USE : MOST;
        if (value < 0 || value > most) {
            throw new IllegalArgumentException(name + ": " + value + " (expected: 0 to " + most + ")");
        }
        return value;
    }

    /** What the table says, by kind and name: millionths for rates, nano-dollars for tools. */
    public Map<Kind, Map<String, Long>> named() {
        return named;
    }

    /** Whether all of {@code extras} are named. */
    boolean cover(List<Extra> extras) {
        return extras.stream().allMatch(extra -> of(extra) != null);
    }

    private Long of(Extra extra) {
        return byHash.getOrDefault(extra.kind(), Map.of()).get(extra.name());
    }

    /**
     * The cost of tokens with {@code extras}, in nano-dollars, rounded half up once; those that are not named cost nothing and
     * multiply by one.
     *
     * @param whole of the tokens at their usual price, see {@link Money#whole(long, long)}
     * @param rest of the same
     */
    long cost(long whole, long rest, List<Extra> extras) {
        BigInteger tokens = BigInteger.valueOf(whole).multiply(UNIT).add(BigInteger.valueOf(rest));
        BigInteger tools = BigInteger.ZERO;
        BigInteger scale = UNIT;
        for (Extra extra : extras) {
            Long value = of(extra);
            if (value == null) {
                continue;
            }
            if (extra.kind() == Kind.SERVER_TOOL) {
                tools = tools.add(
                        BigInteger.valueOf(Money.bounded(extra.times())).multiply(BigInteger.valueOf(value)));
            } else {
                tokens = tokens.multiply(BigInteger.valueOf(value));
                scale = scale.multiply(BigInteger.valueOf(ONCE));
            }
        }
        BigInteger half = scale.shiftRight(1);
        BigInteger sum = tokens.add(half).divide(scale).add(tools);
        return sum.min(BigInteger.valueOf(Long.MAX_VALUE / 2)).longValueExact();
    }
}
