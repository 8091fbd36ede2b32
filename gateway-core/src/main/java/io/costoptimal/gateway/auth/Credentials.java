package io.costoptimal.gateway.auth;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;

/**
 * The one key that a request head presents, wherever the official clients put it: {@code Authorization: Bearer}, else
 * {@code x-api-key}, else {@code api-key}. Some send it twice; two that differ are refused, because whoever guards the way
 * before us may have looked at the other one.
 *
 * @param found what the head presents
 * @param key the key as text; {@code null} unless there is exactly one
 */
record Credentials(Found found, String key) {

    enum Found {
        NONE,
        ONE,
        SEVERAL
    }

    private static final Credentials NONE = new Credentials(Found.NONE, null);
    private static final Credentials SEVERAL = new Credentials(Found.SEVERAL, null);

    private static final AsciiString[] FIELDS = {
        HttpHeaderNames.AUTHORIZATION, AsciiString.cached("x-api-key"), AsciiString.cached("api-key")
    };
    private static final String BEARER = "bearer ";

    static Credentials of(HttpHeaders headers) {
        String key = null;
        for (AsciiString field : FIELDS) {
            if (!headers.contains(field)) {
                continue;
            }
            Iterator<String> values = headers.valueStringIterator(field);
            while (values.hasNext()) {
                String value = values.next();
                String presented = field == HttpHeaderNames.AUTHORIZATION ? bearer(value) : value;
                if (presented.isEmpty()) {
                    continue;
                }
                if (key != null && !key.equals(presented)) {
                    return SEVERAL;
                }
                key = presented;
            }
        }
        return key == null ? NONE : new Credentials(Found.ONE, text(key));
    }

    /** What follows {@code Bearer} and one space; empty for every other scheme, which is no credential of ours. */
    private static String bearer(String value) {
        return value.regionMatches(true, 0, BEARER, 0, BEARER.length()) ? value.substring(BEARER.length()) : "";
    }

    /** The decoder makes a character of each byte; a key beyond ASCII is sent as UTF-8. */
    private static String text(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) >= 0x80) {
                return new String(key.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return key;
    }

    /** Never prints a key. */
    @Override
    public String toString() {
        return "Credentials[" + found + "]";
    }
}
