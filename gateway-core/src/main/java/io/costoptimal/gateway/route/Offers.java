package io.costoptimal.gateway.route;

/** Where the price terms of a rule come from: the candidates of the model that the rule belongs to. Any thread. */
@FunctionalInterface
interface Offers {

    /** Of a rule that belongs to no model yet. */
    Offers NONE = (function, provider) -> new PriceTerm.Unbound(provider);

    /** What {@code function} says of the candidate at {@code provider}; {@code null} when there is no such candidate. */
    PriceTerm term(PriceTerm.Function function, String provider);
}
