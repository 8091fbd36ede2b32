package io.costoptimal.gateway.upstream;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.QueryStringDecoder;

/**
 * The query a provider gets: the client's, byte for byte, with two exceptions. A configured {@code api-version} takes the
 * place of the client's or is appended, and a parameter that repeats the client's credential is left out. That goes for
 * the client's {@code api-version} at other kinds of providers too, which ignore it. Stateless.
 */
final class ProviderQuery {

    private static final String API_VERSION = "api-version";

    private ProviderQuery() {}

    /**
     * Writes the query with its question mark, or nothing.
     *
     * @param out borrowed
     * @param query the client's, or {@code null}
     * @param apiVersion the configured one, or {@code null}
     * @param credential the client's, or {@code null}
     */
    static void write(ByteBuf out, String query, String apiVersion, String credential) {
        boolean secret = query != null && credential != null && query.contains(credential);
        if (apiVersion == null && !secret) {
            if (query != null) {
                out.writeByte('?');
                ByteBufUtil.writeAscii(out, query);
            }
            return;
        }
        boolean versioned = apiVersion == null;
        char separator = '?';
        for (int start = 0; query != null && start <= query.length(); ) {
            int end = query.indexOf('&', start);
            end = end < 0 ? query.length() : end;
            String parameter = query.substring(start, end);
            start = end + 1;
            boolean version = apiVersion != null && isApiVersion(parameter);
            if (version && versioned || secret && parameter.contains(credential)) {
                continue;
            }
            out.writeByte(separator);
            ByteBufUtil.writeAscii(out, version ? API_VERSION + '=' + apiVersion : parameter);
            versioned |= version;
            separator = '&';
        }
        if (!versioned) {
            out.writeByte(separator);
            ByteBufUtil.writeAscii(out, API_VERSION + '=' + apiVersion);
        }
    }

    private static boolean isApiVersion(String parameter) {
        int equals = parameter.indexOf('=');
        String name = equals < 0 ? parameter : parameter.substring(0, equals);
        if (name.indexOf('%') < 0) {
            return name.equals(API_VERSION);
        }
        try {
            return QueryStringDecoder.decodeComponent(name).equals(API_VERSION);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
