package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.ErrorBodies;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A {@link Rejection} in the words of the client's API. Stateless.
 *
 * <p>A refusal that a retry cannot turn says so, because the official clients otherwise repeat every 409, 429 and 5xx.
 */
final class Refusal {

    private Refusal() {}

    /** Returns the answer that {@code refused} gets. */
    static LocalAnswer of(Exchange refused, Rejection rejection) {
        byte[] body = refused.target().family() == ApiFamily.ANTHROPIC
                ? ErrorBodies.anthropic(rejection.message(), rejection.anthropicType(), refused.id())
                : ErrorBodies.openAi(rejection.message(), rejection.openAiType(), rejection.param(), rejection.code());
        return new LocalAnswer(rejection.status(), "application/json", body, fields(rejection));
    }

    private static Map<String, String> fields(Rejection rejection) {
        if (rejection.retryable() || rejection.header(Rejection.SHOULD_RETRY) != null) {
            return rejection.headers();
        }
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(Rejection.SHOULD_RETRY, "false");
        fields.putAll(rejection.headers());
        return fields;
    }

    /** How an exchange ends that is answered by {@code rejection}. */
    static Outcome outcome(Exchange refused, Rejection rejection) {
        if (rejection.status() == 500) {
            return Outcome.GATEWAY_ERROR;
        }
        return refused.failure() == null ? Outcome.REJECTED : Outcome.UPSTREAM_FAILED;
    }
}
