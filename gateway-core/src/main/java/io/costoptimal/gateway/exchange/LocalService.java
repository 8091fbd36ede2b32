package io.costoptimal.gateway.exchange;

import java.util.Map;
import java.util.Objects;

/** Answers the operations that no provider is asked for: model lists and health. Called on event loops, never blocks. */
@FunctionalInterface
public interface LocalService {

    /** Answers {@code exchange}, whose target is not {@link Operation#proxied}. */
    LocalAnswer answer(ExchangeReport exchange);

    /**
     * A whole answer.
     *
     * @param status HTTP status, 200 or above; with 204 the body must be empty, and its type is not told
     * @param contentType media type of {@code body}
     * @param body not changed after this
     * @param headers more header fields, in this order
     */
    record LocalAnswer(int status, String contentType, byte[] body, Map<String, String> headers) {

        /** An answer without more header fields. */
        public LocalAnswer(int status, String contentType, byte[] body) {
            this(status, contentType, body, Map.of());
        }

        public LocalAnswer {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
            }
            Rejection.requireOneLine("contentType", contentType);
            Objects.requireNonNull(body, "body");
            if (status == 204 && body.length > 0) {
                throw new IllegalArgumentException("body: " + body.length + " bytes (expected: none with status 204)");
            }
            headers.forEach(Rejection::requireField);
        }
    }
}
