package io.costoptimal.gateway.route;

import io.costoptimal.gateway.http.CredentialFields;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.function.UnaryOperator;

/**
 * A request's headers as rules may see them. Keeps the headers, not the request; read by one thread at a time.
 *
 * @param headers not changed while rules look
 */
record RuleHeaders(HttpHeaders headers) implements UnaryOperator<String> {

    /** Whether a header carries a credential, which rules never see. */
    static boolean isCredential(String lowerCaseName) {
        return CredentialFields.ALL.covers(lowerCaseName);
    }

    @Override
    public String apply(String lowerCaseName) {
        return isCredential(lowerCaseName) ? null : headers.get(lowerCaseName);
    }
}
