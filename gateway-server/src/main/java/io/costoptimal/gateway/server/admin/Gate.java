package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.http.CredentialFields;
import io.costoptimal.gateway.server.admin.Request.Head;
import io.costoptimal.gateway.server.admin.Route.Access;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.NetUtil;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Who may ask what, on the head of a request alone. Any thread.
 *
 * <p>A browser sends whatever page is open in it. Three checks keep pages of others out: the name in Host must be one of
 * ours, or a page could call itself by a name that leads here (DNS rebinding); a POST must be JSON, which a form cannot send;
 * and the page it comes from must be ours.
 */
final class Gate {

    /** Under this name the browser keeps the session. */
    static final String COOKIE = "session";

    private final Set<String> hosts;
    private final Supplier<AdminKeys> keys;
    private final Sessions sessions;
    private final WrongKeys wrongKeys;

    /**
     * @param hosts names of this listener in lower case, beside those of loopback and its own address
     * @param keys those in force, asked for each request
     */
    Gate(Set<String> hosts, Supplier<AdminKeys> keys, Sessions sessions, WrongKeys wrongKeys) {
        this.hosts = hosts.stream()
                .map(host -> host.indexOf(':') < 0 ? host : name("[" + host + "]"))
                .collect(Collectors.toUnmodifiableSet());
        this.keys = keys;
        this.sessions = sessions;
        this.wrongKeys = wrongKeys;
    }

    /**
     * Checks by which name the client calls us.
     *
     * @throws Refused 421 (RFC 9110, 15.5.20)
     */
    void checkHost(Head head) throws Refused {
        List<String> sent = head.headers().getAll(HttpHeaderNames.HOST);
        if (sent.size() != 1) {
            throw new Refused(400, "invalid_host", "Host: " + sent.size() + " fields (expected: 1)");
        }
        String name = name(sent.get(0));
        if (!isLoopback(name) && !name.equals(head.peer().own()) && !hosts.contains(name)) {
            throw new Refused(
                    421,
                    "unknown_host",
                    "Host: " + name + " (expected: localhost, an address of loopback, or a name of admin.hosts)");
        }
    }

    /**
     * Checks that a POST is from a program, or from a page of ours.
     *
     * @throws Refused 415 or 403
     */
    void checkPost(Head head) throws Refused {
        String type = head.headers().get(HttpHeaderNames.CONTENT_TYPE, "");
        if (!type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refused(415, "unsupported_media_type", "content-type: " + type + " (expected: application/json)");
        }
        for (String origin : head.headers().getAll(HttpHeaderNames.ORIGIN)) {
            if (!isOurs(origin, head.headers().get(HttpHeaderNames.HOST))) {
                throw new Refused(403, "foreign_origin", "A page of " + origin + " may not ask this.");
            }
        }
    }

    /**
     * Finds out who asks.
     *
     * @return the name of the key; {@code null} where none is needed and none was found
     * @throws Refused 401, or 429 after too many wrong keys
     */
    String letIn(Access access, Head head) throws Refused {
        if (access != Access.KEY
                && (access != Access.OPEN_ON_LOOPBACK || head.peer().loopback())) {
            return null;
        }
        String credential = head.headers().get(HttpHeaderNames.AUTHORIZATION);
        String name = credential == null
                ? sessionOf(head.headers())
                : check(
                        CredentialFields.text(
                                CredentialFields.bearer(credential).strip()),
                        head);
        if (name == null) {
            throw new Refused(
                    401,
                    credential == null ? "no_credential" : "wrong_key",
                    "This needs a key of role admin, as Authorization: Bearer, or a session that was begun with one.");
        }
        return name;
    }

    /**
     * The name of an admin key.
     *
     * @return {@code null} when it is none, which is remembered of the client's address
     * @throws Refused 429 when that address has presented too many that were none
     */
    String check(String key, Head head) throws Refused {
        String client = head.peer().client();
        if (!wrongKeys.mayTry(client)) {
            throw new Refused(429, "too_many_wrong_keys", "Too many wrong keys came from this address; wait a minute.");
        }
        String name = keys.get().name(AdminKeys.digest(key));
        if (name == null) {
            wrongKeys.wrong(client);
        }
        return name;
    }

    private String sessionOf(HttpHeaders headers) {
        for (String id : sessionIds(headers)) {
            String name = sessions.key(id);
            if (name != null) {
                return name;
            }
        }
        return null;
    }

    /** The sessions that a request claims; a browser may send several, of servers at other ports of the same host. */
    static List<String> sessionIds(HttpHeaders headers) {
        return headers.getAll(HttpHeaderNames.COOKIE).stream()
                .flatMap(field -> List.of(field.split(";")).stream())
                .map(String::strip)
                .filter(pair -> pair.startsWith(COOKIE + "="))
                .map(pair -> pair.substring(COOKIE.length() + 1))
                .toList();
    }

    /** Whether {@code origin} is the very place that was asked, or a configured name of it. */
    private boolean isOurs(String origin, String host) {
        try {
            URI page = URI.create(origin);
            boolean web = "http".equals(page.getScheme()) || "https".equals(page.getScheme());
            String authority = page.getRawAuthority();
            return web && authority != null && (authority.equalsIgnoreCase(host) || hosts.contains(name(authority)));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** The host of {@code host[:port]} in lower case, an IPv6 address without its brackets and in the form of RFC 5952. */
    private static String name(String authority) {
        String host = authority.strip().toLowerCase(Locale.ROOT);
        if (host.startsWith("[")) {
            String address = host.substring(1, Math.max(1, host.indexOf(']')));
            return NetUtil.isValidIpV6Address(address)
                    ? NetUtil.bytesToIpAddress(NetUtil.createByteArrayFromIpAddressString(address))
                    : address;
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost")
                || host.endsWith(".localhost")
                || host.equals("::1")
                || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
