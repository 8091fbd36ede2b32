package io.costoptimal.gateway.exchange;

/** Whose API a client speaks; decides the shape of errors and lists that the gateway itself writes. */
public enum ApiFamily {
    OPENAI,
    ANTHROPIC
}
