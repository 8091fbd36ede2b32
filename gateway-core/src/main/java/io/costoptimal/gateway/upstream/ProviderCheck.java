package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.http.FieldNames;
import io.costoptimal.gateway.http.HopByHop;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Finds what a configured provider must not put into a request head (trap 48). Stateless. */
final class ProviderCheck {

    private static final FieldNames FRAMING = FieldNames.of("content-length", "expect", "trailer");

    private ProviderCheck() {}

    static List<String> problems(Provider provider) {
        List<String> problems = new ArrayList<>();
        checkBase(provider.base(), problems);
        Provider.Access access = provider.access();
        if (access.token() != null && (access.token().isEmpty() || !fieldValue(access.token()))) {
            problems.add("access_token: (hidden) (expected: at least one character, no control characters)");
        }
        String version = access.apiVersion();
        if (version != null
                && (version.isEmpty() || !version.chars().allMatch(c -> ProviderPath.unreserved((char) c)))) {
            problems.add("api_version: " + shown(version) + " (expected: letters, digits, '-', '.', '_' or '~')");
        }
        for (Map.Entry<String, String> header : access.headers().entrySet()) {
            checkHeader(header.getKey(), header.getValue(), problems);
        }
        return problems;
    }

    private static void checkBase(URI base, List<String> problems) {
        boolean http = "http".equalsIgnoreCase(base.getScheme()) || "https".equalsIgnoreCase(base.getScheme());
        if (!http || base.getHost() == null) {
            problems.add("base_url: " + shown(withoutUser(base)) + " (expected: http:// or https:// and a host)");
            return;
        }
        if (base.getRawUserInfo() != null) {
            problems.add("base_url: has user information (expected: the credential in access_token)");
        }
        if (base.getRawQuery() != null || base.getRawFragment() != null) {
            problems.add("base_url: " + shown(withoutUser(base)) + " (expected: no query and no fragment)");
        }
        if (base.getPort() == 0 || base.getPort() > 65535) {
            problems.add("base_url: port " + base.getPort() + " (expected: 1 to 65535)");
        }
        // java.net.URI lets non-ASCII characters through; a request line must not have them.
        if (base.getRawPath() != null && !base.getRawPath().chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            problems.add("base_url: " + shown(withoutUser(base)) + " (expected: a percent-encoded path)");
        }
    }

    private static void checkHeader(String name, String value, List<String> problems) {
        if (name.isEmpty() || !name.chars().allMatch(ProviderCheck::tokenCharacter)) {
            problems.add("headers." + shown(name) + ": (expected: a header name)");
        } else if (HopByHop.FIXED.contains(name) && !name.equalsIgnoreCase("proxy-authorization")
                || FRAMING.contains(name)) {
            problems.add("headers." + name + ": is the gateway's to set (expected: another header)");
        } else if (!fieldValue(value)) {
            problems.add("headers." + name + ": (hidden) (expected: no control characters, nothing beyond Latin-1)");
        }
    }

    /** RFC 9110 section 5.5, obs-text included. */
    private static boolean fieldValue(String value) {
        return value.chars().allMatch(c -> c == '\t' || c >= ' ' && c != 0x7f && c <= 0xff);
    }

    /** RFC 9110 section 5.6.2. */
    private static boolean tokenCharacter(int c) {
        return c >= 'a' && c <= 'z'
                || c >= 'A' && c <= 'Z'
                || c >= '0' && c <= '9'
                || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
    }

    private static String withoutUser(URI base) {
        String text = base.toString();
        return base.getRawUserInfo() == null ? text : text.replace(base.getRawUserInfo() + '@', "");
    }

    /** For a message: control characters made visible. */
    private static String shown(String text) {
        return text.replaceAll("[\\p{Cntrl}]", "?");
    }
}
