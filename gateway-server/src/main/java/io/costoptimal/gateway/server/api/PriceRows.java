package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.prices.RoutedPrice;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** The prices in force for what the configuration sends: a row for each provider, name and tier. Any thread. */
final class PriceRows {

    private final Supplier<RouteTable> routes;
    private final Supplier<Prices> prices;

    PriceRows(Supplier<RouteTable> routes, Supplier<Prices> prices) {
        this.routes = routes;
        this.prices = prices;
    }

    Route route() {
        return Route.get("/prices", Kind.QUICK, this::answer);
    }

    private Answer answer(Request request) throws Refused {
        Parameters.of(request, List.of());
        List<RoutedPrice> all = RoutedPrice.of(routes.get(), prices.get());
        return Json.list(json -> all.forEach(one -> rows(json, one)));
    }

    private static void rows(JsonGenerator json, RoutedPrice one) {
        if (one.price() instanceof ModelPrice model) {
            for (int tier = 0; tier < model.tiers(); tier++) {
                begin(json, one);
                tier(json, model, tier);
                json.writeEndObject();
            }
        } else {
            begin(json, one);
            unknown(json, one.price());
            json.writeEndObject();
        }
    }

    private static void begin(JsonGenerator json, RoutedPrice one) {
        Price price = one.price();
        json.writeStartObject();
        json.writeStringProperty("provider", one.provider().id());
        json.writeStringProperty("model", one.model());
        json.writeStringProperty("catalogue_model", price == null ? null : price.model());
        json.writeStringProperty("version", price == null ? null : price.version());
        Json.number(json, "context", price == null ? -1 : price.contextWindow());
        Json.number(json, "max_output", price == null ? -1 : price.maxOutput());
    }

    private static void tier(JsonGenerator json, ModelPrice price, int tier) {
        Json.number(json, "above", price.above(tier));
        for (TokenClass kind : TokenClass.values()) {
            boolean known = price.named(tier, kind) || !isSound(kind);
            Json.number(json, name(kind), known ? price.price(tier, kind) : -1);
        }
        json.writeNumberProperty("per_request_nano_usd", price.fee());
        json.writeArrayPropertyStart("derived");
        Stream.of(TokenClass.values())
                .filter(kind -> !isSound(kind) && !price.named(tier, kind))
                .forEach(kind -> json.writeString(kind.name().toLowerCase(Locale.ROOT)));
        json.writeEndArray();
    }

    /** A price that is not a table's, or none. */
    private static void unknown(JsonGenerator json, Price price) {
        json.writeNullProperty("above");
        for (TokenClass kind : TokenClass.values()) {
            long known = switch (kind) {
                case INPUT -> price == null ? -1 : price.inputPrice();
                case OUTPUT -> price == null ? -1 : price.outputPrice();
                default -> -1;
            };
            Json.number(json, name(kind), known);
        }
        json.writeNullProperty("per_request_nano_usd");
        json.writeArrayPropertyStart("derived");
        json.writeEndArray();
    }

    private static String name(TokenClass kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "_nano_usd";
    }

    /** What has no price unless a table names one. */
    private static boolean isSound(TokenClass kind) {
        return kind == TokenClass.AUDIO_INPUT || kind == TokenClass.AUDIO_OUTPUT;
    }
}
