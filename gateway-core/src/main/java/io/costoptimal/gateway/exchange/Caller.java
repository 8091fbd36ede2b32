package io.costoptimal.gateway.exchange;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;

/**
 * Who sent a request, as far as the connection and the request's own fields tell: for logs.
 * Nothing here decides but the address, which rules may ask for. Everything but the address is the client's own word, in characters of ISO-8859-1 that may be anything a field may hold.
 *
 * @param address IP address of the client: of the connection's other end, or what trusted proxies say; {@code null} when it has
 *     none, and when a trusted proxy noted something that is no address
 * @param userAgent {@code User-Agent}
 * @param requestId the client's own {@code x-request-id}, which goes on to the provider
 * @param traceparent of the trace that the request belongs to (W3C Trace Context), which goes on to the provider
 */
public record Caller(String address, String userAgent, String requestId, String traceparent) {

    /** Characters of a field's value that are kept. */
    public static final int MAX_CHARS = 256;

    private static final AsciiString REQUEST_ID = AsciiString.cached("x-request-id");
    private static final AsciiString TRACEPARENT = AsciiString.cached("traceparent");

    /** Reads the fields of one request; what it did not bring is {@code null}. */
    static Caller of(String address, HttpHeaders fields) {
        return new Caller(
                address,
                cut(fields.get(HttpHeaderNames.USER_AGENT)),
                cut(fields.get(REQUEST_ID)),
                cut(fields.get(TRACEPARENT)));
    }

    private static String cut(String value) {
        return value == null || value.length() <= MAX_CHARS ? value : value.substring(0, MAX_CHARS);
    }
}
