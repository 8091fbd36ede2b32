package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.ModelPriceBuilder;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.server.prices.PriceList.Listed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Prices of several lists, of which an earlier one wins; made when they are first asked for, and shared by all providers of a
 * vendor. Owned by the thread that loads.
 */
final class ListedPrices {

    /** The price of a model that is only in the configuration. */
    private static final String OWN = "config";

    private final List<PriceList> lists;
    private final Map<String, List<Map<String, Price>>> vendors = new HashMap<>();

    /** @param lists by precedence */
    ListedPrices(List<PriceList> lists) {
        this.lists = lists;
    }

    /** Whether some list has {@code as}, or for every name the vendor. */
    boolean has(PriceAs as) {
        return as.model() == null ? !of(as.vendor()).isEmpty() : of(as.vendor(), as.model()) != null;
    }

    /** Every {@code vendor/model} of the lists. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        lists.forEach(list -> names.addAll(list.names()));
        return names;
    }

    /** What {@code vendor} takes for its {@code model}; {@code null} when no list says. */
    Price of(String vendor, String model) {
        return OfProvider.find(of(vendor), model);
    }

    /** By the vendor's names, one map of each list that has the vendor. */
    List<Map<String, Price>> of(String vendor) {
        return vendors.computeIfAbsent(
                vendor,
                name -> lists.stream()
                        .filter(list -> list.vendors().containsKey(name))
                        .map(list -> prices(list, name))
                        .toList());
    }

    private static Map<String, Price> prices(PriceList list, String vendor) {
        Map<String, Price> prices = new HashMap<>();
        list.vendors().get(vendor).forEach((model, tariff) -> {
            String identity = Vendor.identity(new Listed(vendor, model, tariff));
            prices.put(
                    model,
                    price(tariff, identity, model).version(list.version()).build());
        });
        return prices;
    }

    /**
     * A price that the configuration names itself.
     *
     * @param identity {@code vendor/model} of the same model in a list; {@code null} when nobody said which it is
     */
    static Price own(OwnPrice price, String identity, String modelSent) {
        return price(price.tariff(), identity, modelSent)
                .extras(price.extras())
                .version(OWN)
                .build();
    }

    private static ModelPriceBuilder price(Tariff tariff, String identity, String model) {
        String name = identity == null ? model : identity;
        ModelPriceBuilder price = tariff.price().model(identity).tokenizer(Tokenizer.of(name));
        return Vendor.anthropic(name) ? price.vendor("anthropic") : price;
    }
}
