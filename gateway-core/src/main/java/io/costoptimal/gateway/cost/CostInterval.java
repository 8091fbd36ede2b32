package io.costoptimal.gateway.cost;

/**
 * What a request may cost at one candidate, in nano-dollars.
 *
 * @param low at least
 * @param high at most; {@link Long#MAX_VALUE} when nothing bounds the output
 * @param expected for a likely length of the input, with the output that is expected
 */
public record CostInterval(long low, long high, long expected) {}
