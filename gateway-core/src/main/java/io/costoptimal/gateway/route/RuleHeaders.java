package io.costoptimal.gateway.route;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A request's headers as rules may see them. Keeps the headers, not the request; read by one thread at a time.
 *
 * @param headers not changed while rules look
 */
record RuleHeaders(HttpHeaders headers) implements UnaryOperator<String> {

    private static final Set<String> CREDENTIALS =
            Set.of("authorization", "proxy-authorization", "x-api-key", "api-key", "cookie");

    /** Whether a header's value is nobody's business. */
    static boolean isCredential(String lowerCaseName) {
        return CREDENTIALS.contains(lowerCaseName);
    }

    @Override
    public String apply(String lowerCaseName) {
        return isCredential(lowerCaseName) ? null : headers.get(lowerCaseName);
    }
}
