package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import java.util.HashMap;
import java.util.Map;

/** Prices by provider and by the model's name there. Immutable, any thread; a look-up allocates nothing. */
public final class PriceTable implements Prices {

    private final Map<String, Listed> byProvider;

    /**
     * The prices of one provider.
     *
     * @param models by the name that is sent
     * @param others for every other name; {@code null} when those have no price
     */
    public record Listed(Map<String, Price> models, Price others) {

        public Listed {
            models = Map.copyOf(models);
        }
    }

    /** @param byProvider by the provider's id; one that is not there has no prices */
    public PriceTable(Map<String, Listed> byProvider) {
        this.byProvider = new HashMap<>(byProvider);
    }

    @Override
    public Price of(Provider provider, String modelSent) {
        Listed listed = byProvider.get(provider.id());
        if (listed == null || modelSent == null) {
            return null;
        }
        Price price = listed.models().get(modelSent);
        return price == null ? listed.others() : price;
    }
}
