package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A price as text for people: every class, whether a table names it, its tiers and its limits. Stateless. */
public final class PriceSheet {

    private static final String DERIVED = " *";
    private static final String NAMED = "  ";

    private PriceSheet() {}

    /** {@code 2.5 in, 10 out} and what else there is to know at a glance. */
    public static String line(Price price) {
        String tiers = price instanceof ModelPrice model && model.tiers() > 1
                ? ", above " + model.above(1) + " " + Usd.show(model.price(1, TokenClass.INPUT)) + " in, "
                        + Usd.show(model.price(1, TokenClass.OUTPUT)) + " out"
                : "";
        return Usd.show(price.inputPrice()) + " in, " + Usd.show(price.outputPrice()) + " out" + tiers;
    }

    /** Some lines, each with its line feed. */
    public static String lines(ModelPrice price) {
        StringBuilder out = new StringBuilder();
        if (price.tiers() > 1) {
            row(
                    out,
                    "tokens of input",
                    tiers(price, tier -> tier == 0 ? "up to " + price.above(1) : "above " + price.above(tier)),
                    NAMED);
        }
        boolean derived = false;
        for (TokenClass kind : TokenClass.values()) {
            boolean named = price.named(0, kind);
            boolean sound = kind == TokenClass.AUDIO_INPUT || kind == TokenClass.AUDIO_OUTPUT;
            if (sound && !named) {
                continue;
            }
            derived |= !named;
            row(out, Rates.key(kind), tiers(price, tier -> Usd.show(price.price(tier, kind))), named ? NAMED : DERIVED);
        }
        row(out, "per_request", Usd.show(price.fee()), NAMED);
        price.extras()
                .named()
                .forEach((kind, named) -> named.forEach((name, value) -> row(
                        out,
                        kind.name().toLowerCase(Locale.ROOT) + ' ' + name,
                        kind == Kind.SERVER_TOOL
                                ? Usd.show(value) + " each"
                                : "x "
                                        + BigDecimal.valueOf(value, 6)
                                                .stripTrailingZeros()
                                                .toPlainString(),
                        NAMED)));
        row(out, "context", limit(price.contextWindow()), NAMED);
        row(out, "max_output", limit(price.maxOutput()), NAMED);
        out.append("  Dollars for a million tokens").append(derived ? "; * follows from another class.\n" : ".\n");
        return out.toString();
    }

    private static String tiers(ModelPrice price, IntFunction<String> text) {
        return IntStream.range(0, price.tiers())
                .mapToObj(tier -> String.format(Locale.ROOT, "%14s", text.apply(tier)))
                .collect(Collectors.joining(" "));
    }

    private static void row(StringBuilder out, String name, String text, String mark) {
        out.append(String.format(Locale.ROOT, "  %-16s %14s%s", name, text, mark)
                        .stripTrailing())
                .append('\n');
    }

    private static String limit(long tokens) {
        return tokens < 0 ? "not known" : Long.toString(tokens);
    }
}
