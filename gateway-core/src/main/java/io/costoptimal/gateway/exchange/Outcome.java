package io.costoptimal.gateway.exchange;

/** How an exchange ended. Exactly one per exchange. */
public enum Outcome {
    /** A provider's answer was relayed to its end, whatever its status. */
    COMPLETED,
    /** The gateway answered itself: model lists and health. */
    LOCAL,
    /** The gateway refused the request. */
    REJECTED,
    /** No candidate gave an answer; the client got 502 or 504. */
    UPSTREAM_FAILED,
    /**
     * The answer broke off after its first byte, by the provider's doing or because the gateway refused the rest of a body that
     * was still arriving; or a shutdown cut the exchange off. The client's connection was aborted so that it can tell.
     */
    TRUNCATED,
    /** The client left first. */
    CLIENT_CANCELLED,
    /** A defect of ours ended this exchange, and only this one. */
    GATEWAY_ERROR
}
