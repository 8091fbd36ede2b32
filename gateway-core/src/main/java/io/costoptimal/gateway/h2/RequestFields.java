package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.http.FieldList;
import io.costoptimal.gateway.http.FramingGuard;
import io.costoptimal.gateway.http.FramingGuard.Violation;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2Headers;
import java.util.Map;

/**
 * The head of a request by HTTP/2 as the head of HTTP/1.1 that says the same, and the reasons not to serve it. Immutable, any
 * thread.
 *
 * <p>What reached this class was decoded: names are lower-case tokens, values have no line ends, fields that belong to a
 * connection and pseudo-header fields that do not exist were refused (RFC 9113, 8.2 and 8.3). Everything is checked again as
 * the decoder of HTTP/1.1 checks it, since a provider gets it by HTTP/1.1.
 */
final class RequestFields {

    /** What the request of an exchange says of its protocol. */
    static final HttpVersion HTTP_2 = HttpVersion.valueOf("HTTP/2.0");

    private static final String CRUMBS = "; ";

    private final Limits.Head limits;

    RequestFields(Limits.Head limits) {
        this.limits = limits;
    }

    /**
     * A head, read.
     *
     * @param request stands for one that cannot be read if {@code violation} says so
     * @param violation {@code null} when the request is sound
     */
    record Read(HttpRequest request, Violation violation) {

        private static Read bad(int status, String message) {
            return new Read(null, new Violation(status, message));
        }
    }

    /** @param ends whether the request has no body */
    Read read(Http2Headers headers, boolean ends) {
        CharSequence method = headers.method();
        CharSequence path = headers.path();
        if (method == null || method.toString().equals(HttpMethod.CONNECT.name())) {
            return Read.bad(501, "This method is not served.");
        }
        if (headers.scheme() == null || path == null) {
            return Read.bad(400, "The request head is malformed.");
        }
        if (path.length() + method.length() > limits.line()) {
            return Read.bad(414, "The path is too long.");
        }
        if (!isTarget(path)) {
            return Read.bad(400, "The path has bytes other than visible ASCII, or does not begin with a slash.");
        }
        FieldList fields = new FieldList();
        Violation violation = copy(headers, fields, ends);
        if (violation != null) {
            return new Read(null, violation);
        }
        HttpRequest request = request(method.toString(), path.toString(), fields);
        return request == null
                ? Read.bad(400, "The request head is malformed.")
                : new Read(request, FramingGuard.checkFramed(request));
    }

    private static HttpRequest request(String method, String path, FieldList fields) {
        try {
            return new DefaultHttpRequest(HTTP_2, HttpMethod.valueOf(method), path, fields);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** Origin form, and the {@code *} of OPTIONS, which no operation has. */
    private static boolean isTarget(CharSequence path) {
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c <= ' ' || c >= 0x7f) {
                return false;
            }
        }
        return path.length() > 0 && (path.charAt(0) == '/' || path.length() == 1 && path.charAt(0) == '*');
    }

    private Violation copy(Http2Headers headers, FieldList fields, boolean ends) {
        CharSequence authority = headers.authority();
        try {
            if (authority != null) {
                fields.add(HttpHeaderNames.HOST, authority);
            }
            int bytes = 0;
            int count = 0;
            for (Map.Entry<CharSequence, CharSequence> field : headers) {
                CharSequence name = field.getKey();
                CharSequence value = field.getValue();
                if (name.charAt(0) == ':') {
                    continue;
                }
                bytes += name.length() + value.length() + 4;
                if (++count > limits.count() || bytes > limits.bytes()) {
                    return new Violation(431, "The request has too many or too long header fields.");
                }
                if (authority != null && HttpHeaderNames.HOST.contentEquals(name)) {
                    if (!HttpHeaderNames.HOST.toString().contentEquals(name)
                            || !authority.toString().equalsIgnoreCase(value.toString())) {
                        return new Violation(400, "The Host header field is not the authority.");
                    }
                    continue;
                }
                add(fields, name, value.toString());
            }
        } catch (IllegalArgumentException e) {
            return new Violation(400, "The request head is malformed.");
        }
        if (!ends && !fields.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            // What HTTP/1.1 says of a body whose length is not known.
            fields.add(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        }
        return null;
    }

    /** Cookies may come in pieces (RFC 9113, 8.2.3). */
    private static void add(FieldList fields, CharSequence name, String value) {
        String before = HttpHeaderNames.COOKIE.contentEquals(name) ? fields.get(HttpHeaderNames.COOKIE) : null;
        if (before == null) {
            fields.add(name, value.strip());
        } else {
            fields.set(HttpHeaderNames.COOKIE, before + CRUMBS + value);
        }
    }
}
