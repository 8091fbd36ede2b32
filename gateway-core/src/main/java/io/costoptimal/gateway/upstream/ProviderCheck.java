package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.CredentialSource;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.http.FieldNames;
import io.costoptimal.gateway.http.HopByHop;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * What a provider may be configured with, so that nothing configured can break the head of a request or begin a line of its
 * own in it. The one place that decides this: whoever reads a configuration asks the methods for single values, and the
 * engine asks {@link #problems} before it writes the first head. Stateless.
 *
 * <p>Each method for a single value returns it, or throws an {@link IllegalArgumentException} whose message says what was
 * expected and does not show the value.
 */
public final class ProviderCheck {

    /** Visible Latin-1, with blanks and tabs inside only (RFC 9110 section 5.5). */
    private static final Pattern FIELD_VALUE =
            Pattern.compile("(?:[!-~\\x80-\\xff](?:[ -~\t\\x80-\\xff]*[!-~\\x80-\\xff])?)?");

    /** RFC 9110 section 5.6.2. */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");

    private static final Pattern API_VERSION = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    /** A name in ASCII or a literal address. Underscores are in no host name of the Internet, but in those of containers. */
    private static final Pattern HOST =
            Pattern.compile("[A-Za-z0-9_](?:[A-Za-z0-9._-]*[A-Za-z0-9_.])?|\\[[0-9A-Fa-f:.]+]");

    private static final Pattern PATH = Pattern.compile("[!-~]*");

    /** What a configured header would change of the framing. */
    private static final FieldNames FRAMING = FieldNames.of("content-length", "expect", "trailer");

    private ProviderCheck() {}

    /** An address that requests can be sent to. */
    public static URI base(String text) {
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException("a URL such as https://api.openai.com/v1", e);
        }
        return base(uri);
    }

    private static URI base(URI uri) {
        if (!"http".equalsIgnoreCase(uri.getScheme()) && !"https".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException("http:// or https://");
        }
        Location location = Location.of(uri);
        if (uri.getRawAuthority() == null || location.host().isEmpty()) {
            throw new IllegalArgumentException("a URL such as https://api.openai.com/v1");
        }
        if (uri.getRawAuthority().indexOf('@') >= 0) {
            throw new IllegalArgumentException("no user and password; they belong in access_token or headers");
        }
        if (!HOST.matcher(location.host()).matches()) {
            throw new IllegalArgumentException("a host of letters, digits, '-', '_' and '.', or an address");
        }
        if (location.port() < 1 || location.port() > 65535) {
            throw new IllegalArgumentException("a port from 1 to 65535");
        }
        if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
            throw new IllegalArgumentException("no query and no fragment");
        }
        // java.net.URI lets other characters through; a request line must not have them.
        if (!PATH.matcher(uri.getRawPath()).matches()) {
            throw new IllegalArgumentException("a percent-encoded path");
        }
        return uri;
    }

    /** The value of a header field; a credential is one, too. May be empty. */
    public static String fieldValue(String text) {
        return matching(FIELD_VALUE, text, "visible Latin-1 characters, no line breaks or surrounding spaces");
    }

    /** Azure's {@code api-version}: what may stand in a query without being encoded. */
    public static String apiVersion(String text) {
        return matching(API_VERSION, text, "letters, digits and . _ ~ -, such as 2024-10-21");
    }

    /** The name of a header field that the gateway does not set itself (RFC 9110 sections 5.6.2 and 7.6.1). */
    public static String headerName(String text) {
        matching(TOKEN, text, "the name of a header field");
        boolean own = HopByHop.FIXED.contains(text) && !text.equalsIgnoreCase("proxy-authorization");
        if (own || FRAMING.contains(text)) {
            throw new IllegalArgumentException("a field that is not the gateway's own to set");
        }
        return text;
    }

    /** The name of a client's field that a provider may get; a {@code *} at its end stands for any rest. */
    public static String forwardHeader(String text) {
        matching(TOKEN, text, "the name of a header field, or the beginning of one and *");
        return ClientFields.mayPass(text);
    }

    /** Everything that is wrong with {@code provider}; each starts with the configuration's key, and none shows a secret. */
    public static List<String> problems(Provider provider) {
        List<String> problems = new ArrayList<>();
        check("base_url: " + withoutUser(provider.base()), provider.base(), ProviderCheck::base, problems);
        Provider.Access access = provider.access();
        if (access.credential() instanceof CredentialSource.Fixed fixed) {
            check("access_token: (hidden)", fixed.now(), ProviderCheck::credential, problems);
        }
        if (access.apiVersion() != null) {
            check("api_version: " + access.apiVersion(), access.apiVersion(), ProviderCheck::apiVersion, problems);
        }
        for (Map.Entry<String, String> header : access.headers().entrySet()) {
            check("headers." + header.getKey() + ":", header.getKey(), ProviderCheck::headerName, problems);
            check("headers." + header.getKey() + ": (hidden)", header.getValue(), ProviderCheck::fieldValue, problems);
        }
        for (String name : access.forward()) {
            check("forward_headers: " + name, name, ProviderCheck::forwardHeader, problems);
        }
        return problems;
    }

    private static <T> void check(String shown, T value, Function<T, T> rule, List<String> problems) {
        try {
            rule.apply(value);
        } catch (IllegalArgumentException e) {
            problems.add(shown.replaceAll("\\p{Cntrl}", "?") + " (expected: " + e.getMessage() + ")");
        }
    }

    /** A credential: what may be the value of a header field, and is not empty. */
    public static String credential(String text) {
        if (text.isEmpty()) {
            throw new IllegalArgumentException("at least one character");
        }
        return fieldValue(text);
    }

    private static String matching(Pattern form, String text, String expected) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException(expected);
        }
        return text;
    }

    private static String withoutUser(URI base) {
        return base.toString().replaceAll("//[^/]*@", "//");
    }
}
