package io.costoptimal.gateway.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.AsciiString;
import java.util.Iterator;

/**
 * What a request head must satisfy beyond what Netty's strict decoder enforces, so that this gateway and whatever stands
 * before or behind it agree where a request ends and whom it is for (RFC 9112 sections 3.2, 6.1 and 6.3; trap 42).
 * Stateless, any thread.
 *
 * <p>The one misuse is keeping a connection after a violation: where the next request begins is not known then.
 */
public final class FramingGuard {

    /**
     * A method that usually brings a body comes without its length: such a request would be taken for empty, and its body for
     * the next request. Whoever serves it all the same, because what it asks for needs no body, must read nothing more from its
     * connection.
     */
    public static final Violation NO_LENGTH = new Violation(411, "The body has no length.");

    private FramingGuard() {}

    /**
     * Why a request is refused; its connection is closed.
     *
     * @param status HTTP status
     * @param message for the client, without bytes of the request
     */
    public record Violation(int status, String message) {}

    /** The cause of a failed decoding when a head had not come whole and there was no memory to wait for the rest. */
    public static final class NoRoom extends RuntimeException {

        private static final long serialVersionUID = 1;

        public NoRoom() {
            super("no memory for unfinished heads", null, false, false);
        }
    }

    /**
     * The first violation of {@code request}, failed decoding included; {@code null} when it is sound. It is {@link #NO_LENGTH}
     * only when there is no other.
     */
    public static Violation check(HttpRequest request) {
        if (request.decoderResult().isFailure()) {
            return undecodable(request.decoderResult().cause());
        }
        HttpVersion version = request.protocolVersion();
        // The decoder hands out these two constants for exactly these two spellings, and for nothing else.
        if (version != HttpVersion.HTTP_1_1 && version != HttpVersion.HTTP_1_0) {
            return new Violation(505, "Only HTTP/1.1 and HTTP/1.0 are served.");
        }
        Violation violation = checkHost(request.headers(), version);
        if (violation == null) {
            violation = checkLength(request);
        }
        if (violation != null && violation != NO_LENGTH) {
            return violation;
        }
        Violation demand = checkDemands(request);
        return demand == null ? violation : demand;
    }

    /**
     * The same for a request by HTTP/2, which has the framing of its body from its frames: whom it is for, and what it
     * demands (RFC 9113, 8.2 and 8.3).
     *
     * @param request with its {@code :authority} as {@code Host}
     */
    public static Violation checkFramed(HttpRequest request) {
        Violation violation = checkHost(request.headers(), HttpVersion.HTTP_1_1);
        return violation == null ? checkDemands(request) : violation;
    }

    private static Violation undecodable(Throwable cause) {
        if (cause instanceof TooLongHttpLineException) {
            return new Violation(414, "The request line is too long.");
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return new Violation(431, "The request has too many or too long header fields.");
        }
        if (cause instanceof NoRoom) {
            return new Violation(503, "The gateway waits for too many request heads; try again.");
        }
        return new Violation(400, "The request head is malformed.");
    }

    private static Violation checkHost(HttpHeaders headers, HttpVersion version) {
        Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
        if (!hosts.hasNext()) {
            return version == HttpVersion.HTTP_1_1 ? new Violation(400, "The Host header field is missing.") : null;
        }
        String host = hosts.next();
        if (hosts.hasNext()) {
            return new Violation(400, "There is more than one Host header field.");
        }
        return isHost(host) ? null : new Violation(400, "The Host header field is not a host.");
    }

    private static Violation checkLength(HttpRequest request) {
        HttpHeaders headers = request.headers();
        boolean length = headers.contains(HttpHeaderNames.CONTENT_LENGTH);
        if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
            return length || !mustHaveLength(request.method()) ? null : NO_LENGTH;
        }
        if (length || request.protocolVersion() == HttpVersion.HTTP_1_0) {
            return new Violation(400, "Transfer-Encoding is not allowed here.");
        }
        Iterator<String> codings = headers.valueStringIterator(HttpHeaderNames.TRANSFER_ENCODING);
        String coding = codings.next();
        if (codings.hasNext() || !AsciiString.contentEqualsIgnoreCase(coding, HttpHeaderValues.CHUNKED)) {
            return new Violation(501, "The only transfer coding understood is chunked.");
        }
        return null;
    }

    /** Whether {@code method} is one of those whose meaning depends on a body (RFC 9110, 8.6). */
    private static boolean mustHaveLength(HttpMethod method) {
        return method.equals(HttpMethod.POST) || method.equals(HttpMethod.PUT) || method.equals(HttpMethod.PATCH);
    }

    private static Violation checkDemands(HttpRequest request) {
        HttpHeaders headers = request.headers();
        // Netty takes eight bytes after a GET with both fields for a body: an early WebSocket draft, and a desync.
        if (headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY1)
                || headers.contains(HttpHeaderNames.SEC_WEBSOCKET_KEY2)) {
            return new Violation(400, "The WebSocket drafts are not served.");
        }
        if (request.method().equals(HttpMethod.CONNECT) || request.method().equals(HttpMethod.TRACE)) {
            return new Violation(501, "This method is not served.");
        }
        return headers.contains(HttpHeaderNames.EXPECT) ? checkExpectations(headers) : null;
    }

    private static Violation checkExpectations(HttpHeaders headers) {
        Iterator<String> expectations = headers.valueStringIterator(HttpHeaderNames.EXPECT);
        while (expectations.hasNext()) {
            if (!AsciiString.contentEqualsIgnoreCase(expectations.next(), HttpHeaderValues.CONTINUE)) {
                return new Violation(417, "The only expectation understood is 100-continue.");
            }
        }
        return null;
    }

    /** Whether {@code host} is {@code uri-host [":" port]} of RFC 9110 section 7.2, one of it, and nothing else. */
    public static boolean isHost(String host) {
        int end = host.startsWith("[") ? literalEnd(host) : nameEnd(host);
        if (end <= 0) {
            return false;
        }
        if (end == host.length()) {
            return true;
        }
        if (host.charAt(end) != ':') {
            return false;
        }
        for (int i = end + 1; i < host.length(); i++) {
            if (!isDigit(host.charAt(i))) {
                return false;
            }
        }
        return host.length() - end <= 6;
    }

    private static int nameEnd(String host) {
        int i = 0;
        while (i < host.length() && isNameChar(host.charAt(i))) {
            i++;
        }
        return i;
    }

    private static int literalEnd(String host) {
        int close = host.indexOf(']');
        for (int i = 1; i < close; i++) {
            char c = host.charAt(i);
            if (c != ':' && !isNameChar(c)) {
                return -1;
            }
        }
        return close > 1 ? close + 1 : -1;
    }

    private static boolean isNameChar(char c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || isDigit(c)
                || c == '.'
                || c == '-'
                || c == '_'
                || c == '%';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
