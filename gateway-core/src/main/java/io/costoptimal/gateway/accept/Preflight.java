package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.CrossOrigin;
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

    private static final String METHODS = "GET, HEAD, POST";

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

    /** Returns the answer to {@code exchange}, whose target is {@link Operations#PREFLIGHT}: an answer or a refusal. */
    static Object answer(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        CrossOrigin pages = exchange.policy().crossOrigin();
        String origin = headers.get(HttpHeaderNames.ORIGIN);
        if (!pages.allows(origin)) {
            return Rejection.of(403, "origin_not_allowed", "Pages of this origin may not call the gateway (cors).");
        }
        // The fields that every answer to this page has are added when the answer is written.
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("access-control-allow-methods", METHODS);
        String asked = headers.get(HttpHeaderNames.ACCESS_CONTROL_REQUEST_HEADERS);
        if (asked != null && NAMES.matcher(asked).matches()) {
            fields.put("access-control-allow-headers", asked);
        }
        fields.put("access-control-max-age", Long.toString(pages.maxAge().toSeconds()));
        fields.put("vary", "access-control-request-headers");
        return new LocalAnswer(204, "text/plain", NOTHING, fields);
    }
}
