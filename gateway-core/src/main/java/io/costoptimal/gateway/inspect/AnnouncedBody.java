package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.ContentCoding;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpUtil;
import java.util.Iterator;
import java.util.Map;

/**
 * What a request's head says about its body, judged before a byte of it is read (trap 33).
 *
 * <p>A missing {@code Content-Type} passes: the body is checked anyway. {@code text/plain} does not, although providers
 * may take it: it is what a web page can post to any server without asking first.
 */
final class AnnouncedBody {

    private static final String UTF_8 = "utf-8";

    private AnnouncedBody() {}

    /**
     * Returns why the body will not be read; {@code null} when it will.
     *
     * @param coding of {@code head}
     * @param json whether it must be JSON
     * @param limit of bytes
     */
    static Rejection refuse(HttpMessage head, ContentCoding coding, boolean json, int limit) {
        if (coding == ContentCoding.UNKNOWN) {
            return unknownCoding();
        }
        if (json && !isJson(head.headers())) {
            return Rejection.of(
                    415, null, "Unsupported Content-Type: set `Content-Type: application/json` (in UTF-8).");
        }
        return HttpUtil.getContentLength(head, 0L) > limit ? tooLarge(limit) : null;
    }

    static Rejection tooLarge(long limit) {
        return Rejection.of(413, null, "The request body is too large: at most " + limit + " bytes are accepted.");
    }

    /** How the body is packed. */
    static ContentCoding coding(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_ENCODING)
                ? ContentCoding.of(headers.getAll(HttpHeaderNames.CONTENT_ENCODING))
                : ContentCoding.IDENTITY;
    }

    /** RFC 9110, 15.5.16: the answer names the codings that would have been taken. */
    private static Rejection unknownCoding() {
        String accepted = ContentCoding.accepted();
        String message = "Unsupported Content-Encoding: expected one of " + accepted + ", or none.";
        return new Rejection(415, null, null, message, Map.of("accept-encoding", accepted));
    }

    /** Whether the head says of itself that the body is JSON. */
    static boolean saysJson(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_TYPE) && isJson(headers);
    }

    private static boolean isJson(HttpHeaders headers) {
        Iterator<String> types = headers.valueStringIterator(HttpHeaderNames.CONTENT_TYPE);
        return !types.hasNext() || isJson(types.next()) && !types.hasNext();
    }

    private static boolean isJson(String type) {
        int semicolon = type.indexOf(';');
        String media = semicolon < 0 ? type : type.substring(0, semicolon);
        if (!HttpHeaderValues.APPLICATION_JSON.contentEqualsIgnoreCase(media.strip())) {
            return false;
        }
        if (semicolon < 0) {
            return true;
        }
        for (String parameter : type.substring(semicolon + 1).split(";")) {
            if (!isUtf8OrNoCharset(parameter.strip())) {
                return false;
            }
        }
        return true;
    }

    /** RFC 9110 5.6.6: a parameter's value may be quoted. Parameters other than the charset do not matter. */
    private static boolean isUtf8OrNoCharset(String parameter) {
        int equals = parameter.indexOf('=');
        if (equals < 0 || !parameter.substring(0, equals).equalsIgnoreCase("charset")) {
            return true;
        }
        String charset = parameter.substring(equals + 1);
        return charset.equalsIgnoreCase(UTF_8) || charset.equalsIgnoreCase('"' + UTF_8 + '"');
    }
}
