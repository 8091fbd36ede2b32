package io.costoptimal.gateway.exchange;

/** What one configuration says. An exchange keeps the policy it started with, whatever is loaded meanwhile. */
public interface Policy {

    Keys keys();

    Routes routes();

    /** What is served. */
    default Operations operations() {
        return Operations.NONE;
    }

    /** Which web pages may call the gateway; {@code null} for none. */
    default CrossOrigin crossOrigin() {
        return null;
    }

    /** What models cost. */
    default Prices prices() {
        return Prices.NONE;
    }
}
