package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Target;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A browser's question, before a page's request, whether the page may send it (Fetch standard, 4.8). Answered without a
 * key, which a browser does not send with the question, and on every path, so that the page can read a 404 as well.
 * Stateless, any thread.
 */
final class Preflight {

    static final Rejection REFUSAL =
            Rejection.of(403, "origin_not_allowed", "Pages of this origin may not call the gateway (cors).");

    /** A list of field names (RFC 9110, 5.6.2). */
    private static final Pattern NAMES = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, \\t-]{1,4096}");

    private static final byte[] NOTHING = {};

    private Preflight() {}

    /** What {@code request} asks for, under {@code policy}. */
    static Target target(HttpRequest request, Policy policy) {
        Target target = Targets.of(request, policy.operations());
        boolean preflight = policy.crossOrigin() != null
                && request.method().equals(HttpMethod.OPTIONS)
                && request.headers().contains(HttpHeaderNames.ORIGIN)
                && request.headers().contains(HttpHeaderNames.ACCESS_CONTROL_REQUEST_METHOD);
        return preflight ? new Target(Operations.PREFLIGHT, target.family(), target.query(), null) : target;
    }

    /** Whether pages of the origin that asks by {@code exchange} may call the gateway; if not, it gets {@link #REFUSAL}. */
    static boolean mayAsk(Exchange exchange) {
        return exchange.policy()
                .crossOrigin()
                .allows(exchange.request().headers().get(HttpHeaderNames.ORIGIN));
    }

    /** Returns the answer to {@code exchange}, whose target is {@link Operations#PREFLIGHT}. */
    static LocalAnswer answer(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        // The fields that every answer to this page has are added when the answer is written.
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put(
                "access-control-allow-methods", exchange.policy().operations().methods());
        String asked = headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (asked != null && NAMES.matcher(asked).matches()) {
            fields.put("access-control-allow-headers", asked);
        }
        fields.put(
                "access-control-max-age",
                Long.toString(exchange.policy().crossOrigin().maxAge().toSeconds()));
        fields.put("vary", "access-control-request-headers");
        return new LocalAnswer(204, "text/plain", NOTHING, fields);
    }
}
