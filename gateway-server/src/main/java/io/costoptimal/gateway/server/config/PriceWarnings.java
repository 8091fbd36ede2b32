package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.server.config.PriceNotes.Noted;
import io.costoptimal.gateway.server.config.PriceNotes.Use;
import io.costoptimal.gateway.server.prices.Catalogue;
import io.costoptimal.gateway.server.prices.PricesInForce;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Warns of candidates whose cost nobody will know: where a ledger is kept, where the cheapest is tried first, and where a rule asks for
 * it. Owned by the
 * thread that loads.
 */
final class PriceWarnings {

    private final Prices prices;
    private final boolean ledger;
    private final Set<String> told = new HashSet<>();

    /** @param ledger whether costs are kept */
    PriceWarnings(Prices prices, boolean ledger) {
        this.prices = prices;
        this.ledger = ledger;
    }

    /** Warns at each of {@code candidates} that has no price and needs one; once for a provider and a name. */
    void of(List<Noted> candidates) {
        for (Noted noted : candidates) {
            if (noted.model() == null || !ledger && noted.use() == Use.SPENT || priced(noted)) {
                continue;
            }
            if (told.add(noted.provider().id() + '\n' + noted.model() + '\n' + noted.use())) {
                noted.at()
                        .warn(noted.use().key() + ": no price of " + Value.oneLine(noted.model()) + " at "
                                + noted.provider().id() + " is known, so "
                                + noted.use().consequence()
                                + " (expected: an entry of prices, or price_as: " + suggestion(noted.model()) + ")");
            }
        }
    }

    /** Warns at {@code value}, which names the default provider, when no name that clients ask for can have a price there. */
    void ofDefault(Value value, Provider provider) {
        if (ledger && !general(provider)) {
            value.warn("default_provider: no list prices of " + provider.id()
                    + " are known, so what it costs is not (expected: price_as: vendor/* there)");
        }
    }

    private boolean priced(Noted noted) {
        return noted.model().indexOf('*') >= 0
                ? noted.priceAs() != null || general(noted.provider())
                : prices.of(noted.provider(), noted.model()) != null;
    }

    private boolean general(Provider provider) {
        return prices instanceof PricesInForce known && known.general(provider);
    }

    /** A model of the catalogue that has the same name. */
    private static String suggestion(String model) {
        String name = model.substring(model.lastIndexOf('/') + 1);
        return Catalogue.list().vendors().entrySet().stream()
                .filter(vendor -> vendor.getValue().containsKey(name))
                .map(vendor -> vendor.getKey() + '/' + name)
                .findFirst()
                .orElse("vendor/model");
    }
}
