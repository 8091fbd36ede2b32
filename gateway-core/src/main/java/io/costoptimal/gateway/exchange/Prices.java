package io.costoptimal.gateway.exchange;

/** The prices of one configuration. Immutable, any thread; a look-up allocates nothing. */
@FunctionalInterface
public interface Prices {

    /** Nothing has a price. */
    Prices NONE = (provider, modelSent) -> null;

    /**
     * The price in force.
     *
     * @param modelSent the model as the provider gets it; {@code null} when the request names none
     * @return {@code null} when there is no price, and the cost is unknown: never zero
     */
    Price of(Provider provider, String modelSent);
}
