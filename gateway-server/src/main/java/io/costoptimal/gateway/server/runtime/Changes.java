package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.prices.PriceSheet;
import io.costoptimal.gateway.server.prices.RoutedPrice;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a reload has changed, in names: {@code +} for what is new, {@code -} for what is gone, {@code ~} for the rest. */
final class Changes {

    /** Names of one kind; a file has hundreds when all of it is new. */
    private static final int SHOWN = 20;

    private Changes() {}

    /** One line without any secret; {@code none} when both say the same of all that a reload takes. */
    static String between(GatewayConfig former, GatewayConfig next) {
        List<String> kinds = new ArrayList<>();
        note(kinds, "providers", former.routing().providers(), next.routing().providers());
        note(kinds, "models", models(former), models(next));
        note(
                kinds,
                "aliases",
                former.routing().table().aliases(),
                next.routing().table().aliases());
        note(kinds, "prices", prices(former), prices(next));
        note(kinds, "keys", keys(former), keys(next));
        note(kinds, "settings", settings(former), settings(next));
        return kinds.isEmpty() ? "none" : String.join("; ", kinds);
    }

    private static void note(List<String> kinds, String kind, Map<String, ?> former, Map<String, ?> next) {
        List<String> names = new ArrayList<>();
        next.forEach((name, now) -> {
            Object then = former.get(name);
            if (!now.equals(then)) {
                names.add((then == null ? "+" : "~") + name);
            }
        });
        former.keySet().stream().filter(name -> !next.containsKey(name)).forEach(name -> names.add("-" + name));
        if (!names.isEmpty()) {
            int more = names.size() - SHOWN;
            List<String> shown = more > 0 ? names.subList(0, SHOWN) : names;
            kinds.add(kind + ": " + String.join(" ", shown) + (more > 0 ? " and " + more + " more" : ""));
        }
    }

    /** By name, what each entry says of its own; what a provider's entry says is no part of it. */
    private static Map<String, List<Object>> models(GatewayConfig config) {
        Map<String, List<Object>> models = new LinkedHashMap<>();
        for (ModelRoutes model : config.routing().table().models()) {
            List<Object> said = new ArrayList<>(
                    List.of(names(model.providers()), model.strategy(), Optional.ofNullable(model.retryOn())));
            for (RoutedRule rule : model.rules()) {
                // Rules are compiled anew by each load, so they are compared as they are written.
                said.add(rule.rule().toString());
                said.add(names(rule.candidates()));
                said.add(rule.strategy());
                said.add(Optional.ofNullable(rule.refusal()));
            }
            models.put(model.model(), said);
        }
        return models;
    }

    private static List<String> names(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.provider().id() + " " + candidate.model())
                .toList();
    }

    /** Those that belong to no name, by their key in the file. */
    private static Map<String, Object> settings(GatewayConfig config) {
        Map<String, Object> settings = new LinkedHashMap<>();
        RouteTable table = config.routing().table();
        if (table.defaultProvider() != null) {
            settings.put("default_provider", table.defaultProvider().id());
        }
        settings.put("retry_on", table.retryOn());
        if (config.routing().pages() != null) {
            settings.put("cors", config.routing().pages());
        }
        settings.put("debug", config.server().debug());
        return settings;
    }

    /** By provider and name sent, what it costs; names that only clients know are left out. */
    private static Map<String, String> prices(GatewayConfig config) {
        Map<String, String> prices = new LinkedHashMap<>();
        for (RoutedPrice routed :
                RoutedPrice.of(config.routing().table(), config.routing().prices())) {
            if (routed.price() instanceof ModelPrice price) {
                prices.put(routed.name(), price.version() + '\n' + PriceSheet.lines(price));
            }
        }
        return prices;
    }

    private static Map<String, KeyEntry> keys(GatewayConfig config) {
        Map<String, KeyEntry> keys = new LinkedHashMap<>();
        config.keys().forEach(key -> keys.put(key.owner().name(), key));
        return keys;
    }
}
