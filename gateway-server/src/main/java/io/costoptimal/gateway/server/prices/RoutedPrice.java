package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The price of what a configuration sends somewhere. Immutable.
 *
 * @param provider where
 * @param model the name that is sent, or a wildcard for the names that are
 * @param price {@code null} when none is known, and for a wildcard, whose names have prices of their own
 */
public record RoutedPrice(Provider provider, String model, Price price) {

    /** One for each provider and name that {@code table} can send, in the order of the file. */
    public static List<RoutedPrice> of(RouteTable table, Prices prices) {
        Map<String, RoutedPrice> found = new LinkedHashMap<>();
        table.models().forEach(model -> of(model, prices).forEach(price -> found.putIfAbsent(price.name(), price)));
        return List.copyOf(found.values());
    }

    /** How many of the names that {@code table} can send have a price, of how many; {@code none} where nothing asks for prices. */
    public static String count(RouteTable table, Prices prices) {
        if (prices == Prices.NONE) {
            return "none";
        }
        List<RoutedPrice> all = of(table, prices);
        return all.stream().filter(one -> one.price != null || one.wildcard()).count() + "/" + all.size();
    }

    /** One for each candidate of {@code model} and of its rules, in the order of the file; some may be the same. */
    public static List<RoutedPrice> of(ModelRoutes model, Prices prices) {
        List<Candidate> candidates = new ArrayList<>(model.providers());
        for (RoutedRule rule : model.rules()) {
            candidates.addAll(rule.candidates());
        }
        return candidates.stream()
                .map(candidate -> {
                    String sent = candidate.model() == null ? model.model() : candidate.model();
                    return new RoutedPrice(candidate.provider(), sent, prices.of(candidate.provider(), sent));
                })
                .toList();
    }

    /** Whether the names that are sent are the clients' own. */
    public boolean wildcard() {
        return ModelPattern.isWildcard(model);
    }

    /** {@code provider model}, for people. */
    public String name() {
        return provider.id() + ' ' + model;
    }
}
