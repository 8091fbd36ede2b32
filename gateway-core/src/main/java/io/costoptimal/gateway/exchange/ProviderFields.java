package io.costoptimal.gateway.exchange;

import java.util.Map;

/**
 * Header fields that an embedder adds to each request to a provider: who the tenant is, a signature, what a trace is called.
 *
 * <p>They replace fields of the same names, the client's and those configured for the provider, its credential included.
 */
@FunctionalInterface
public interface ProviderFields {

    /** None. */
    ProviderFields NONE = (exchange, fields) -> Map.of();

    /**
     * The fields for the request of the present attempt, to {@code exchange.candidate()}. Called on the event loop right before
     * the head is written, once for each attempt; must not block.
     *
     * <p>Names must be those of header fields that do not frame a message and are not about one connection; values visible
     * Latin-1 without line breaks. If one is not so, or this throws, nothing is sent and the client is answered with a 500:
     * a request without the fields might be somebody else's.
     *
     * @param exchange valid during this call only
     * @param fields the client's request; valid during this call only
     * @return names and values, in the order they are written; empty for none
     */
    Map<String, String> of(ExchangeReport exchange, RequestFields fields);
}
