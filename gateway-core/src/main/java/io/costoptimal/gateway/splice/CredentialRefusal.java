package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Provider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Locale;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Whether a provider's error is about the credential that the gateway sent, or the account behind it, and not about the
 * request. Stateless.
 *
 * <p>401 and 402 say so by themselves. Of 403 and 429 the error's {@code type}, {@code code} or {@code error_code} must be
 * looked at, since both have other meanings too (a content filter, a rate limit).
 */
final class CredentialRefusal {

    /** Words of the public APIs, compared in lower case and without separators. */
    private static final Set<String> WORDS = Set.of(
            // Who asks is not known, or may not.
            "authenticationerror",
            "authenticationfailed",
            "authenticationtypedisabled",
            "invalidapikey",
            "invalidauthentication",
            "invalidauthenticationerror",
            "unauthenticated",
            "unauthorized",
            "permissionerror",
            "permissiondenied",
            "permissiondeniederror",
            "accessdenied",
            "accountdeactivated",
            "organizationonhold",
            // Who asks has not paid.
            "billingerror",
            "billinghardlimitreached",
            "billingnotactive",
            "contractspendlimitreached",
            "creditbalanceexhausted",
            "enforcedspendlimitreached",
            "exceededcurrentquotaerror",
            "insufficientbalance",
            "insufficientcredits",
            "insufficientquota",
            "organizationspendlimitexceeded",
            "organizationusagelimitexceeded",
            "projectspendlimitexceeded");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .build();

    private CredentialRefusal() {}

    /** Whether the credential that {@code provider} is sent is the gateway's, so that its refusal is not the client's. */
    static boolean isOurs(Provider provider) {
        return !provider.access().clientsOwn();
    }

    /** Whether {@code status} alone says so. */
    static boolean says(int status) {
        return status == 401 || status == 402;
    }

    /** Whether it takes a look at the body to tell. */
    static boolean maySay(int status) {
        return status == 403 || status == 429;
    }

    /**
     * Whether an answer says so.
     *
     * @param body its first {@code length} bytes are the whole body without framing
     * @param encoded whether it has a Content-Encoding; gzip is read, with anything else there is no telling
     */
    static boolean says(int status, byte[] body, int length, boolean encoded) {
        if (says(status)) {
            return true;
        }
        if (!maySay(status)) {
            return false;
        }
        try {
            return encoded ? inGzip(body, length) : in(body, length);
        } catch (JacksonException | IOException e) {
            // An error page, or cut JSON: what was found before counts, and nothing was.
            return false;
        }
    }

    private static boolean inGzip(byte[] body, int length) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(body, 0, length))) {
            byte[] plain = in.readNBytes(ErrorAnswer.MAX_BODY);
            return in(plain, plain.length);
        }
    }

    private static boolean in(byte[] json, int length) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json, 0, length)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && names(parser.currentName()) && isWord(parser.getString())) {
                    return true;
                }
            }
            return false;
        }
    }

    private static boolean names(String member) {
        return "type".equals(member) || "code".equals(member) || "error_code".equals(member) || "status".equals(member);
    }

    private static boolean isWord(String value) {
        return value.length() < 64
                && WORDS.contains(
                        value.replace("_", "").replace("-", "").replace(" ", "").toLowerCase(Locale.ROOT));
    }
}
