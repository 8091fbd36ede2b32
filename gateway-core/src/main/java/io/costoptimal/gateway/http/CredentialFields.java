package io.costoptimal.gateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The one place that knows where in a request a credential may stand. Stateless.
 *
 * <p>A client's credential is for the gateway. No field named here goes on to a provider (but for
 * {@link #isClientsOwn a provider that wants the client's own}), is shown to a rule or is logged.
 */
public final class CredentialFields {

    public static final AsciiString AUTHORIZATION = AsciiString.cached("authorization");
    public static final AsciiString X_API_KEY = AsciiString.cached("x-api-key");
    public static final AsciiString API_KEY = AsciiString.cached("api-key");

    /** For clients that send a provider's credential of their own in the usual field: only keys of the gateway stand here. */
    public static final AsciiString GATEWAY_KEY = AsciiString.cached("x-gateway-key");

    /** Where official clients put an API key, and the gateway's own field. */
    private static final AsciiString[] KEYS = {
        AUTHORIZATION, X_API_KEY, API_KEY, AsciiString.cached("x-goog-api-key"), GATEWAY_KEY
    };

    private static final FieldNames KEY_NAMES = FieldNames.of(List.of(KEYS));

    /** Which account of its provider a client uses; says nothing without that account's key. */
    private static final FieldNames ACCOUNTS = FieldNames.of("openai-organization", "openai-project");

    /** Every field whose value proves, or tells, who the client is. */
    public static final FieldNames ALL =
            KEY_NAMES.with(ACCOUNTS).with("proxy-authorization", "cookie", "ocp-apim-subscription-key");

    private static final FieldNames PARAMETERS = KEY_NAMES.with(
            "key",
            "api_key",
            "apikey",
            "access_token",
            "access-token",
            "subscription-key",
            "ocp-apim-subscription-key");

    private static final String BEARER = "bearer";

    private CredentialFields() {}

    /** Whether a query parameter is a credential by its decoded name, in which {@code _} counts as {@code -}. */
    public static boolean isParameter(CharSequence name) {
        return PARAMETERS.covers(name);
    }

    /** {@code key} as its owner wrote it: the decoder makes a character of each byte, and clients send UTF-8. */
    public static String text(String key) {
        for (int i = 0; i < key.length(); i++) {
            if (key.charAt(i) >= 0x80) {
                return new String(key.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
            }
        }
        return key;
    }

    /**
     * The API key that {@code headers} present, as it was sent; {@code null} when there is none, or more than one, which
     * {@link #keys} tells apart.
     */
    public static String onlyKey(HttpHeaders headers) {
        String only = null;
        for (AsciiString field : KEYS) {
            if (headers.contains(field)) {
                Iterator<String> values = headers.valueStringIterator(field);
                while (values.hasNext()) {
                    String key = key(field, values.next());
                    if (only != null && !key.isEmpty() && !only.equals(key)) {
                        return null;
                    }
                    only = key.isEmpty() ? only : key;
                }
            }
        }
        return only;
    }

    /** All API keys that {@code headers} present, each once, as they were sent. */
    public static List<String> keys(HttpHeaders headers) {
        Set<String> keys = new LinkedHashSet<>();
        for (AsciiString field : KEYS) {
            headers.getAll(field).forEach(value -> keys.add(key(field, value)));
        }
        keys.remove("");
        return List.copyOf(keys);
    }

    /** The key in one field; empty when it has none. */
    private static String key(CharSequence field, String value) {
        return AUTHORIZATION.contentEqualsIgnoreCase(field) ? bearer(value) : value;
    }

    /** The key in the value of an {@code Authorization} field; empty when it has another scheme than Bearer. */
    public static String bearer(String value) {
        int at = BEARER.length();
        if (value.length() <= at || value.charAt(at) != ' ' || !value.regionMatches(true, 0, BEARER, 0, at)) {
            return "";
        }
        // RFC 9110 section 11.4: one blank or more.
        while (at < value.length() && value.charAt(at) == ' ') {
            at++;
        }
        return value.substring(at);
    }

    /**
     * Whether {@code value}, of any field, is the gateway's key or ends in it behind a blank, as behind {@code Bearer}: some
     * clients show their key in several fields, and nobody knows all names of these.
     *
     * @param gatewayKey what let the client in; {@code null} when nothing had to
     */
    public static boolean repeats(CharSequence value, String gatewayKey) {
        if (gatewayKey == null) {
            return false;
        }
        int start = value.length() - gatewayKey.length();
        if (start < 0 || start > 0 && value.charAt(start - 1) != ' ') {
            return false;
        }
        for (int i = 0; i < gatewayKey.length(); i++) {
            if (value.charAt(start + i) != gatewayKey.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /**
     * Whether a field is a credential of the client's own, to be passed to a provider that wants it: a key in one of the
     * usual fields that is not the gateway's, or the account that such a key is for.
     *
     * @param gatewayKey what let the client in; {@code null} when nothing had to
     */
    public static boolean isClientsOwn(CharSequence field, String value, String gatewayKey) {
        return ACCOUNTS.contains(field)
                || KEY_NAMES.contains(field)
                        && !GATEWAY_KEY.contentEqualsIgnoreCase(field)
                        && !key(field, value).isEmpty()
                        && (gatewayKey == null || !value.contains(gatewayKey));
    }

    /** Whether {@code headers} have a key beside the gateway's. */
    public static boolean bringOwnKey(HttpHeaders headers, String gatewayKey) {
        for (AsciiString field : KEYS) {
            for (String value : headers.getAll(field)) {
                if (isClientsOwn(field, value, gatewayKey)) {
                    return true;
                }
            }
        }
        return false;
    }
}
