package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.cost.ExtraPrices;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Usage.Extra.Kind;
import io.costoptimal.gateway.server.config.Form.ListOf;
import io.costoptimal.gateway.server.config.Form.MapOf;
import io.costoptimal.gateway.server.config.Form.Plain;
import io.costoptimal.gateway.server.prices.Rates;
import io.costoptimal.gateway.server.prices.Tariff;
import java.util.Locale;
import java.util.stream.Stream;

/** The keys of {@code prices}: a part of {@link Format}. */
final class PriceKeys {

    /** Says at a provider or a candidate whose list price holds. */
    static final Setting PRICE_AS = Setting.of(
                    "price_as", Plain.TEXT, "Whose list price holds: vendor/model; vendor/* at a provider.")
            .alsoKnownAs("base_model", "priced_as");

    /** A tier of a price. */
    static final Table TIER = Table.of(Stream.concat(
            Stream.of(Setting.of(
                            "above",
                            new Form.Number(new Range("above", Unit.COUNT, 0, 1, Tariff.MAX_TOKENS)),
                            "Holds for requests with more tokens of input than this.")
                    .needed()),
            Stream.of(TokenClass.values()).map(PriceKeys::price)));

    /** A price of {@code prices}. */
    static final Table PRICE = Table.of(Stream.of(
                    Stream.of(
                            Setting.of("provider", Plain.TEXT, "The id of a provider.")
                                    .needed()
                                    .alsoKnownAs("id", "provider_id"),
                            Setting.of("model", Plain.TEXT, "The name sent to the provider.")
                                    .needed()
                                    .alsoKnownAs("name", "model_name")),
                    Stream.of(TokenClass.values())
                            .map(kind -> kind == TokenClass.INPUT || kind == TokenClass.OUTPUT
                                    ? price(kind).needed()
                                    : price(kind)),
                    Stream.of(
                            Setting.of(
                                    new Range("per_request", Unit.USD, 0, 0, Tariff.MAX_PER_REQUEST),
                                    "Dollars for each answered request, beside its tokens."),
                            Setting.of("context", tokens("context"), "Tokens of the model's context window.")
                                    .alsoKnownAs("context_window", "max_input_tokens", "window"),
                            Setting.of("max_output", tokens("max_output"), "Tokens of the model's longest answer.")
                                    .alsoKnownAs("max_output_tokens"),
                            extra(Kind.SERVER_TOOL, "Dollars for one use of a tool of the provider's, by its name."),
                            extra(Kind.SERVICE_TIER, "What multiplies the price of tokens, by service tier."),
                            extra(Kind.SPEED, "What multiplies the price of tokens, by speed."),
                            extra(Kind.INFERENCE_GEO, "What multiplies the price of tokens, by place."),
                            Setting.of(
                                    "tiers",
                                    new ListOf(new MapOf(TIER)),
                                    "Other prices for requests with much input, by rising input.")))
            .flatMap(settings -> settings));

    private PriceKeys() {}

    private static Setting price(TokenClass kind) {
        Range range = new Range(Rates.key(kind), Unit.USD, 0, 0, Rates.MAX);
        return Setting.of(range.key(), new Form.Number(range), "Dollars for a million tokens of this class.");
    }

    /** The key for what answers say beside tokens. */
    static String key(Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "s";
    }

    private static Setting extra(Kind kind, String meaning) {
        Range range = kind == Kind.SERVER_TOOL
                ? new Range(key(kind), Unit.USD, 0, 0, ExtraPrices.MOST_FOR_A_USE)
                : new Range(key(kind), Unit.FACTOR, ExtraPrices.ONCE, 0, ExtraPrices.MOST);
        return Setting.of(key(kind), new Form.OwnKeys(new Form.Number(range)), meaning);
    }

    private static Form tokens(String key) {
        return new Form.Number(new Range(key, Unit.COUNT, 0, 1, Tariff.MAX_TOKENS));
    }
}
