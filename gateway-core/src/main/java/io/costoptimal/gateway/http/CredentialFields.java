package io.costoptimal.gateway.http;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

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
    public static final FieldNames ALL = KEY_NAMES.with(ACCOUNTS).with("proxy-authorization", "cookie");

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

    /** Whether a query parameter is a credential by its decoded name. */
    public static boolean isParameter(CharSequence name) {
        return PARAMETERS.contains(name);
    }

    /** The API keys that {@code headers} present, each once, as they were sent; usually one. */
    public static List<String> keys(HttpHeaders headers) {
        List<String> keys = new ArrayList<>(1);
        for (AsciiString field : KEYS) {
            if (headers.contains(field)) {
                Iterator<String> values = headers.valueStringIterator(field);
                while (values.hasNext()) {
                    String key = key(field, values.next());
                    if (!key.isEmpty() && !keys.contains(key)) {
                        keys.add(key);
                    }
                }
            }
        }
        return keys;
    }

    /** The key in one field; empty when it has none, since {@code Authorization} may hold another scheme than Bearer. */
    private static String key(CharSequence field, String value) {
        if (!AUTHORIZATION.contentEqualsIgnoreCase(field)) {
            return value;
        }
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
