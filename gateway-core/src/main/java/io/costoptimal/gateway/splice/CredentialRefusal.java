package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Provider;
import java.util.Locale;
import java.util.Set;
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

    /** What an error with a {@code status} that {@link #maySay} is about. */
    enum Subject {
        /** The request, or the provider; the client may see it. */
        REQUEST,
        /** The gateway's credential, or the account behind it. */
        CREDENTIAL,
        /** Either of these: too much of the body is missing, or it is packed in a way that cannot be undone. */
        UNKNOWN
    }

    /**
     * What an answer is about, whose status may say either. What does not begin as JSON is an error page, and those say
     * nothing about credentials.
     *
     * @param body without framing, and perhaps not all of it
     */
    static Subject subject(PlainBody body) {
        return body.readable() ? inJson(body.bytes(), body.whole()) : Subject.UNKNOWN;
    }

    private static Subject inJson(byte[] json, boolean whole) {
        boolean begun = false;
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                begun = true;
                if (token == JsonToken.VALUE_STRING && names(parser.currentName()) && isWord(parser.getString())) {
                    return Subject.CREDENTIAL;
                }
            }
            return begun || whole ? Subject.REQUEST : Subject.UNKNOWN;
        } catch (JacksonException e) {
            return begun ? Subject.UNKNOWN : Subject.REQUEST;
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
