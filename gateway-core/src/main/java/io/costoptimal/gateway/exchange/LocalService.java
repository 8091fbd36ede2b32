package io.costoptimal.gateway.exchange;

import java.util.Objects;

/** Answers the operations that no provider is asked for: model lists and health. Called on event loops, never blocks. */
@FunctionalInterface
public interface LocalService {

    /** Answers {@code exchange}, whose target is not {@link Endpoint.Handling#PROXIED}. */
    LocalAnswer answer(ExchangeReport exchange);

    /**
     * A whole answer.
     *
     * @param status HTTP status, 200 or above
     * @param contentType media type of {@code body}
     * @param body not changed after this
     */
    record LocalAnswer(int status, String contentType, byte[] body) {

        public LocalAnswer {
            if (status < 200 || status > 599) {
                throw new IllegalArgumentException("status: " + status + " (expected: 200 to 599)");
            }
            Rejection.requireOneLine("contentType", contentType);
            Objects.requireNonNull(body, "body");
        }
    }
}
