package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the prices that somebody asks about by a model's name. Stateless. */
public final class AskedPrices {

    private AskedPrices() {}

    /**
     * A price and what it is of.
     *
     * @param name {@code vendor/model}, or a provider and the name sent to it
     * @param price {@code null} when none is known
     */
    public record Named(String name, Price price) {}

    /** The catalogue's prices of {@code model}, which may be {@code vendor/model}, else of every vendor that has such a model. */
    public static List<Named> listed(String model) {
        ListedPrices lists = new ListedPrices(List.of(Catalogue.list()));
        List<Named> found = new ArrayList<>();
        for (String vendor : Catalogue.list().vendors().keySet()) {
            String name = model.startsWith(vendor + '/') ? model.substring(vendor.length() + 1) : model;
            Price price = lists.of(vendor, name);
            if (price != null) {
                found.add(new Named(vendor + '/' + name, price));
            }
        }
        return found;
    }

    /**
     * What {@code providers} take for {@code model}: for the names that they are sent when clients ask for it, if a route has
     * them as candidates; else for that name itself.
     *
     * @param prices those in force; list prices by the providers' hosts when the configuration asks for none
     */
    public static List<Named> configured(String model, List<Provider> providers, RouteTable table, Prices prices) {
        Prices known = prices == Prices.NONE ? byHost(providers) : prices;
        String asked = table.aliases().getOrDefault(model, model);
        Map<String, Named> found = new LinkedHashMap<>();
        for (ModelRoutes routes : table.models()) {
            if (!new ModelPattern(routes.model()).matches(asked)) {
                continue;
            }
            for (RoutedPrice routed : RoutedPrice.of(routes, known)) {
                if (providers.contains(routed.provider())) {
                    add(found, routed.provider(), routed.wildcard() ? asked : routed.model(), known);
                }
            }
            if (routes.model().equals(asked)) {
                break;
            }
        }
        if (found.isEmpty()) {
            providers.forEach(provider -> add(found, provider, model, known));
        }
        return List.copyOf(found.values());
    }

    private static void add(Map<String, Named> found, Provider provider, String model, Prices prices) {
        String name = provider.id() + ' ' + model;
        found.putIfAbsent(name, new Named(name, prices.of(provider, model)));
    }

    private static Prices byHost(List<Provider> providers) {
        PricesInForce.Builder prices = new PricesInForce.Builder(List.of(Catalogue.list()));
        providers.forEach(provider -> prices.provider(provider, null));
        return prices.build();
    }
}
