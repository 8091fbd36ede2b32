package io.costoptimal.gateway.exchange;

/**
 * The wish to answer {@code 100 Continue} (RFC 9110 10.1.1): written outbound by the stage that wants the body, once it is
 * known that the body will be read.
 */
public enum Continue {
    INSTANCE
}
