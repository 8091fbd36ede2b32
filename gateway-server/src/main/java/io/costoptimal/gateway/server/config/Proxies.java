package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Proxy;
import io.netty.util.NetUtil;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxies that the file and the environment name: {@code HTTPS_PROXY} for providers with TLS, {@code HTTP_PROXY} for
 * the others, and {@code NO_PROXY} for those reached directly; each in lower case, too. Loopback addresses are never
 * reached through a proxy of the environment. Immutable.
 */
record Proxies(Map<String, String> environment) {

    private static final String EXPECTED = "http://host:port, with user:password@ before the host if it asks for them";
    private static final List<String> NONE = List.of("none", "direct");

    /** Those around the file that is read; none where no environment is looked at. */
    static Proxies around(Reading reading) {
        return new Proxies(reading.withoutEnvironment() ? Map.of() : reading.environment());
    }

    /** What {@code value} says of a provider at {@code location}; without a value, what the environment says. */
    Optional<Proxy> of(Optional<Value> value, Location location, Section section) {
        if (value.isEmpty()) {
            return fromEnvironment(location, section);
        }
        boolean secret = value.get().text().filter(text -> text.contains("@")).isPresent();
        return secret
                ? value.get().credential(Proxies::parse)
                : value.get()
                        .as(text -> NONE.contains(text) ? Optional.<Proxy>empty() : Optional.of(parse(text)))
                        .flatMap(proxy -> proxy);
    }

    private Optional<Proxy> fromEnvironment(Location location, Section section) {
        String name = location.secure() ? "HTTPS_PROXY" : "HTTP_PROXY";
        String url = variable(name);
        if (url.isEmpty()
                || isLoopback(location.host())
                || NoProxy.parse(variable("NO_PROXY")).covers(location)) {
            return Optional.empty();
        }
        try {
            return Optional.of(parse(url));
        } catch (IllegalArgumentException e) {
            section.problem(name + " in the environment: *** (expected: " + e.getMessage()
                    + "; or proxy: none for this provider)");
            return Optional.empty();
        }
    }

    private String variable(String name) {
        String upper = environment.getOrDefault(name, "");
        return upper.isEmpty() ? environment.getOrDefault(name.toLowerCase(Locale.ROOT), "") : upper;
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.startsWith("127.") && NetUtil.isValidIpV4Address(host)
                || host.equals("[::1]");
    }

    /** Reads {@code [http://][user[:password]@]host[:port][/]}. */
    static Proxy parse(String text) {
        URI uri;
        try {
            uri = new URI(text.contains("://") ? text : "http://" + text);
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(EXPECTED, null); // its own message shows the password
        }
        Location location = Location.of(uri);
        boolean odd = uri.getRawAuthority() == null
                || location.host().isEmpty()
                || location.port() < 1
                || location.port() > 65535
                || uri.getRawQuery() != null
                || uri.getRawFragment() != null
                || !List.of("", "/").contains(uri.getRawPath());
        if (odd || !"http".equalsIgnoreCase(uri.getScheme())) {
            throw new IllegalArgumentException(EXPECTED);
        }
        String user = uri.getRawAuthority().indexOf('@') < 0
                ? null
                : uri.getRawAuthority().substring(0, uri.getRawAuthority().lastIndexOf('@'));
        int colon = user == null ? -1 : user.indexOf(':');
        String name = user == null ? null : decoded(colon < 0 ? user : user.substring(0, colon));
        String password = user == null ? null : decoded(colon < 0 ? "" : user.substring(colon + 1));
        String host = location.host().startsWith("[")
                ? location.host().substring(1, location.host().length() - 1)
                : location.host();
        return new Proxy(host, location.port(), name, password);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
