package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.http.CredentialFields;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The query a provider gets: the client's, byte for byte, with two exceptions. A configured {@code api-version} takes the
 * place of the client's or is appended; and a parameter that is a credential by its name, or repeats the client's key, is
 * left out. The client's {@code api-version} goes to other kinds of providers too, which ignore it. Stateless.
 */
public final class ProviderQuery {

    private static final String API_VERSION = "api-version";

    private ProviderQuery() {}

    /**
     * Writes the query with its question mark, or nothing.
     *
     * @param out borrowed
     * @param query the client's, or {@code null}
     * @param apiVersion the configured one, or {@code null}
     * @param gatewayKey what let the client in, or {@code null}
     */
    static void write(ByteBuf out, String query, String apiVersion, String gatewayKey) {
        boolean versioned = apiVersion == null;
        char separator = '?';
        for (int start = 0; query != null && start <= query.length(); ) {
            int end = query.indexOf('&', start);
            end = end < 0 ? query.length() : end;
            String parameter = query.substring(start, end);
            start = end + 1;
            String name = decoded(parameter.substring(0, equalsSign(parameter)));
            boolean version = apiVersion != null && name.equalsIgnoreCase(API_VERSION);
            if (version && versioned || isSecret(name, parameter, gatewayKey)) {
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

    /**
     * The query as an embedder may see it.
     *
     * @param query the client's
     * @param keys what the client presented as keys
     * @return {@code null} when nothing is left
     */
    public static String visible(String query, List<String> keys) {
        String left = visible(query, (String) null);
        for (String key : keys) {
            left = left == null ? null : visible(left, key);
        }
        return left;
    }

    private static String visible(String query, String key) {
        ByteBuf out = Unpooled.buffer(query.length() + 1);
        write(out, query, null, key);
        return out.isReadable() ? out.skipBytes(1).toString(StandardCharsets.ISO_8859_1) : null;
    }

    private static int equalsSign(String parameter) {
        int equals = parameter.indexOf('=');
        return equals < 0 ? parameter.length() : equals;
    }

    private static boolean isSecret(String name, String parameter, String gatewayKey) {
        if (CredentialFields.isParameter(name)) {
            return true;
        }
        return gatewayKey != null
                && (parameter.contains(gatewayKey) || decoded(parameter).contains(CredentialFields.text(gatewayKey)));
    }

    /** Without its escapes; as it is when they are malformed, because then it means nothing to anybody. */
    private static String decoded(String text) {
        if (text.indexOf('%') < 0 && text.indexOf('+') < 0) {
            return text;
        }
        try {
            return QueryStringDecoder.decodeComponent(text);
        } catch (IllegalArgumentException malformed) {
            return text;
        }
    }
}
