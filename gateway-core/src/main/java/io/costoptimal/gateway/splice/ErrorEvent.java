package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.http.ErrorBodies;
import java.nio.charset.StandardCharsets;

/**
 * The server-sent event that tells a client, in the words of its own API, that its stream broke off. Stateless.
 *
 * <p>It only explains; what makes a broken stream unmistakable is the abort that follows.
 */
final class ErrorEvent {

    private static final String MESSAGE = "The provider's answer broke off.";
    private static final String CODE = "upstream_error";

    private ErrorEvent() {}

    /** Returns the whole event, its blank line included. */
    static byte[] of(Exchange exchange) {
        return switch (exchange.operation().answers().broken()) {
            case CHAT -> event("data: " + openAi());
            case RESPONSES -> event("event: error\ndata: " + responses(openAi()));
            case MESSAGES ->
                event("event: error\ndata: " + utf8(ErrorBodies.anthropic(MESSAGE, "api_error", exchange.id())));
        };
    }

    private static String openAi() {
        return utf8(ErrorBodies.openAi(MESSAGE, "server_error", null, CODE));
    }

    /** The documented flat members, and the {@code error} object that makes every official client raise. */
    private static String responses(String error) {
        return "{\"type\":\"error\",\"code\":\"" + CODE + "\",\"message\":\"" + MESSAGE + "\",\"param\":null,"
                + error.substring(1);
    }

    private static byte[] event(String lines) {
        return (lines + "\n\n").getBytes(StandardCharsets.UTF_8);
    }

    private static String utf8(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
