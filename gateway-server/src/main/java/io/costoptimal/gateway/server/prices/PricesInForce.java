package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The prices of one configuration. Immutable, any thread; finding a price that is named allocates nothing.
 *
 * <p>What holds for a provider and the name sent to it: {@code prices}, else {@code price_as} of the candidate, else that of
 * the provider, else the list price of the vendor whose public API the provider is. A vendor's list price is that of
 * {@code prices_file}, else that of the catalogue.
 */
public final class PricesInForce implements Prices {

    private final Map<String, OfProvider> providers;

    private PricesInForce(Map<String, OfProvider> providers) {
        this.providers = Map.copyOf(providers);
    }

    @Override
    public Price of(Provider provider, String modelSent) {
        OfProvider prices = providers.get(provider.id());
        return prices == null || modelSent == null ? null : prices.of(modelSent);
    }

    /** Whether {@code provider} has a price for any name, or for any name of a vendor's. */
    public boolean general(Provider provider) {
        OfProvider prices = providers.get(provider.id());
        return prices != null && prices.general();
    }

    /** Gathers what a configuration says of prices. Owned by the thread that loads. */
    public static final class Builder {

        private final Map<String, OfProvider> providers = new HashMap<>();
        private final ListedPrices listed;

        /** @param lists of vendors' prices, by precedence */
        public Builder(List<PriceList> lists) {
            listed = new ListedPrices(lists);
        }

        /** Whether there is a list price for {@code as}. */
        public boolean has(PriceAs as) {
            return listed.has(as);
        }

        /** Every model of the lists, as {@code vendor/model}. */
        public Set<String> names() {
            return listed.names();
        }

        /**
         * A provider, before anything else that is said of it.
         *
         * @param as what {@code price_as} says; {@code null} without it, and then its host tells whose API it is
         */
        public void provider(Provider provider, PriceAs as) {
            OfProvider prices = new OfProvider();
            providers.put(provider.id(), prices);
            if (as != null && as.model() != null) {
                prices.all(listed.of(as.vendor(), as.model()));
                return;
            }
            String vendor = as == null ? Vendor.at(provider.base()) : as.vendor();
            if (vendor == null && !Vendor.known(provider.id())) {
                // A file written for this configuration may call the provider by its id.
                vendor = provider.id();
            }
            if (vendor != null) {
                prices.lists(listed.of(vendor));
            }
        }

        /**
         * What {@code price_as} of a candidate says.
         *
         * @param modelSent a name, or a wildcard for the names that are sent
         */
        public void candidate(Provider provider, String modelSent, PriceAs as) {
            OfProvider prices = providers.get(provider.id());
            if (as.model() == null) {
                throw new IllegalArgumentException("vendor/model");
            }
            Price price = listed.of(as.vendor(), as.model());
            if (modelSent.indexOf('*') >= 0) {
                prices.wild(modelSent, price);
            } else {
                prices.own(modelSent, price);
            }
        }

        /** A price that the configuration names; after every {@link #candidate}. */
        public void own(Provider provider, String modelSent, OwnPrice price) {
            OfProvider prices = providers.get(provider.id());
            Price known = prices.of(modelSent);
            prices.own(modelSent, ListedPrices.own(price, known == null ? null : known.model(), modelSent));
        }

        /** All of it. */
        public PricesInForce build() {
            return new PricesInForce(providers);
        }
    }
}
