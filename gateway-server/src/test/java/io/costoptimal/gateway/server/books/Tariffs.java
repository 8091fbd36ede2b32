package io.costoptimal.gateway.server.books;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What providers charge, written down once for the gateway's configuration and for the test's own arithmetic, which is in
 * decimal fractions and has no code in common with the gateway's. Immutable.
 */
final class Tariffs {

    private static final BigDecimal MILLION = BigDecimal.valueOf(1_000_000);
    private static final BigDecimal NANO = BigDecimal.valueOf(1_000_000_000);

    private static final List<Tariff> ALL = List.of(
            new Tariff("alpha", "gpt-4o", Map.of("input", "2.50", "cached_input", "1.25", "output", "10"), List.of()),
            new Tariff("beta", "gpt-4o", Map.of("input", "2.49", "output", "11.123456789"), List.of()),
            new Tariff(
                    "gamma",
                    "gpt-4o",
                    Map.of(
                            "input",
                            "3",
                            "cached_input",
                            "0.3",
                            "cache_write",
                            "3.75",
                            "output",
                            "9.5",
                            "reasoning",
                            "12"),
                    List.of(new Step(
                            40,
                            Map.of("input", "6", "cached_input", "0.601", "cache_write", "7.25", "output", "22.5")))),
            new Tariff(
                    "alpha",
                    "gpt-4o-mini",
                    Map.of("input", "0.15", "cached_input", "0.075", "output", "0.60", "per_request", "0.000000333"),
                    List.of()),
            new Tariff(
                    "beta",
                    "gpt-4o-mini",
                    Map.of("input", "0.1499", "output", "0.61", "max_output", "4096", "context", "300000"),
                    List.of(
                            new Step(1000, Map.of("input", "0.3", "output", "0.7")),
                            new Step(200_000, Map.of("input", "0.7", "cached_input", "0.0701", "output", "1.1")))),
            new Tariff("gamma", "gpt-4o-mini", Map.of("input", "0.2", "output", "0.5", "reasoning", "0.55"), List.of()),
            new Tariff("alpha", "gpt-3.5-turbo", Map.of("input", "0.5", "output", "1.5"), List.of()),
            new Tariff(
                    "beta",
                    "gpt-3.5-turbo",
                    Map.of("input", "0.51", "output", "1.49", "per_request", "0.0005"),
                    List.of()),
            new Tariff("alpha", "gpt-4.1", Map.of("input", "2", "cached_input", "0.5", "output", "8"), List.of()),
            new Tariff(
                    "beta",
                    "gpt-4.1-mini",
                    Map.of("input", "0.4", "output", "1.6", "context", "600", "max_output", "64"),
                    List.of()),
            new Tariff("alpha", "text-embedding-3-small", Map.of("input", "0.02", "output", "0"), List.of()),
            new Tariff("beta", "text-embedding-3-small", Map.of("input", "0.013", "output", "0"), List.of()),
            new Tariff(
                    "claude",
                    "claude-sonnet-4-5",
                    Map.of("input", "3", "cached_input", "0.3", "cache_write", "3.75", "output", "15"),
                    List.of(new Step(200_000, Map.of("input", "6", "output", "22.5")))),
            new Tariff(
                    "claude-too",
                    "claude-sonnet-4-5",
                    Map.of(
                            "input",
                            "2.9",
                            "cached_input",
                            "0.31",
                            "cache_write",
                            "3.6",
                            "cache_write_1h",
                            "5.9",
                            "output",
                            "15.5",
                            "max_output",
                            "8000"),
                    List.of()),
            new Tariff("claude", "claude-haiku-4-5", Map.of("input", "1", "output", "5"), List.of()),
            new Tariff("claude-too", "claude-haiku-4-5", Map.of("input", "0.99", "output", "5.01"), List.of()),
            new Tariff("claude", "gpt-4o", Map.of("input", "2.6", "output", "10.1"), List.of()),
            new Tariff("stall", "gpt-4o", Map.of("input", "2.51", "output", "9.99"), List.of()),
            new Tariff("reset", "gpt-4o", Map.of("input", "2.52", "output", "9.98", "max_output", "1000"), List.of()),
            new Tariff("e500", "gpt-4o", Map.of("input", "1", "output", "2", "per_request", "1"), List.of()),
            new Tariff("malformed", "gpt-4o", Map.of("input", "1.7", "output", "2.7"), List.of()),
            new Tariff("quiet", "gpt-4o", Map.of("input", "1.9", "output", "2.9", "per_request", "0.01"), List.of()),
            new Tariff("claude-reset", "claude-sonnet-4-5", Map.of("input", "2", "output", "13"), List.of()));

    private Tariffs() {}

    /**
     * A provider's price of one model.
     *
     * @param model as it is sent
     * @param base keys of {@code prices:} and dollars
     * @param steps by rising edge
     */
    private record Tariff(String provider, String model, Map<String, String> base, List<Step> steps) {}

    /** Dollars for requests with more tokens of input than {@code above}. */
    private record Step(long above, Map<String, String> prices) {}

    /**
     * Tokens by class, none of them twice but reasoning, which is a part of output.
     *
     * @param written to a cache for five minutes
     */
    record Tokens(long uncached, long cached, long written, long written1h, long output, long reasoning) {

        static final Tokens NONE = new Tokens(0, 0, 0, 0, 0, 0);

        long input() {
            return uncached + cached + written + written1h;
        }
    }

    /** The lines of {@code prices:}. */
    static String yaml() {
        StringBuilder yaml = new StringBuilder("prices:\n");
        for (Tariff each : ALL) {
            yaml.append("  - {provider: ")
                    .append(each.provider)
                    .append(", model: ")
                    .append(each.model);
            each.base.forEach(
                    (key, value) -> yaml.append(", ").append(key).append(": ").append(value));
            if (!each.steps.isEmpty()) {
                yaml.append(", tiers: [");
                for (Step step : each.steps) {
                    yaml.append("{above: ").append(step.above);
                    step.prices.forEach((key, value) ->
                            yaml.append(", ").append(key).append(": ").append(value));
                    yaml.append(step == each.steps.get(each.steps.size() - 1) ? "}]" : "}, ");
                }
            }
            yaml.append("}\n");
        }
        return yaml.toString();
    }

    /**
     * What {@code tokens} cost, in nano-dollars; {@code null} when there is no price.
     *
     * @param answered whether the fee for a request is due
     */
    static Long cost(String provider, String model, Tokens tokens, boolean answered) {
        Tariff tariff = find(provider, model);
        if (tariff == null) {
            return null;
        }
        Map<String, BigDecimal> prices = prices(tariff, tokens.input());
        BigDecimal sum = times(prices, "input", tokens.uncached)
                .add(times(prices, "cached_input", tokens.cached))
                .add(times(prices, "cache_write", tokens.written))
                .add(times(prices, "cache_write_1h", tokens.written1h))
                .add(times(prices, "output", tokens.output - tokens.reasoning))
                .add(times(prices, "reasoning", tokens.reasoning));
        BigDecimal fee = answered ? nano(tariff.base.getOrDefault("per_request", "0")) : BigDecimal.ZERO;
        return sum.divide(MILLION).add(fee).setScale(0, RoundingMode.HALF_UP).longValueExact();
    }

    /** The longest output of the model; -1 when the table does not say. */
    static long maxOutput(String provider, String model) {
        Tariff tariff = find(provider, model);
        return tariff == null ? -1 : Long.parseLong(tariff.base.getOrDefault("max_output", "-1"));
    }

    private static Tariff find(String provider, String model) {
        return ALL.stream()
                .filter(each -> each.provider.equals(provider) && each.model.equals(model))
                .findFirst()
                .orElse(null);
    }

    private static BigDecimal times(Map<String, BigDecimal> prices, String tokenClass, long tokens) {
        return prices.get(tokenClass).multiply(BigDecimal.valueOf(tokens));
    }

    /** Nano-dollars for a million tokens of each class, for requests with so much input. */
    private static Map<String, BigDecimal> prices(Tariff tariff, long input) {
        Map<String, BigDecimal> base = new LinkedHashMap<>();
        base.put("input", nano(tariff.base.get("input")));
        base.put("output", nano(tariff.base.get("output")));
        named(base, tariff.base, "cached_input", base.get("input"));
        named(base, tariff.base, "cache_write", base.get("input"));
        named(
                base,
                tariff.base,
                "cache_write_1h",
                tariff.model.startsWith("claude-")
                        ? base.get("input").multiply(BigDecimal.valueOf(2))
                        : base.get("cache_write"));
        named(base, tariff.base, "reasoning", base.get("output"));
        Step step = null;
        for (Step each : tariff.steps) {
            step = input > each.above ? each : step;
        }
        return step == null ? base : stepped(base, step);
    }

    private static Map<String, BigDecimal> stepped(Map<String, BigDecimal> base, Step step) {
        Map<String, BigDecimal> prices = new LinkedHashMap<>();
        prices.put("input", nano(step.prices.get("input")));
        prices.put("output", nano(step.prices.get("output")));
        for (String tokenClass : List.of("cached_input", "cache_write", "cache_write_1h", "reasoning")) {
            String whole = tokenClass.equals("reasoning") ? "output" : "input";
            named(
                    prices,
                    step.prices,
                    tokenClass,
                    base.get(tokenClass).multiply(prices.get(whole)).divide(base.get(whole), 0, RoundingMode.HALF_UP));
        }
        return prices;
    }

    private static void named(
            Map<String, BigDecimal> prices, Map<String, String> table, String tokenClass, BigDecimal otherwise) {
        String price = table.get(tokenClass);
        prices.put(tokenClass, price == null ? otherwise : nano(price));
    }

    private static BigDecimal nano(String dollars) {
        return new BigDecimal(dollars).multiply(NANO);
    }
}
