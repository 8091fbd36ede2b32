package io.costoptimal.gateway.accept;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds the client in what proxies have noted of a request's way. Each adds the address it got the request from at the right
 * end, so only what trusted proxies wrote counts: it is read from the right, and the first address that is no trusted proxy's
 * is the client's. What stands left of that is the client's own word. Stateless, any thread.
 */
final class ForwardedFor {

    private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");

    private ForwardedFor() {}

    /**
     * The address that the request came from.
     *
     * @param connection of a trusted proxy; {@code null} when it has none
     * @return {@code connection} where nothing readable was noted
     */
    static InetAddress client(HttpHeaders fields, TrustedProxies proxies, InetAddress connection) {
        boolean standard = proxies.field() == TrustedProxies.Field.FORWARDED;
        List<String> lines = fields.getAll(standard ? FORWARDED : X_FORWARDED_FOR);
        InetAddress client = connection;
        for (int i = lines.size() - 1; i >= 0; i--) {
            List<String> hops = elements(lines.get(i), ',');
            for (int hop = hops.size() - 1; hop >= 0; hop--) {
                InetAddress before = address(standard ? named(hops.get(hop)) : hops.get(hop));
                if (before == null) {
                    return client;
                }
                client = before;
                if (!proxies.trusts(client)) {
                    return client;
                }
            }
        }
        return client;
    }

    /**
     * What stands between {@code separator}s that are in no quoted string, without blanks; empty elements say nothing
     * (RFC 9110, 5.6.1). A string that does not end makes all that follows one element.
     */
    private static List<String> elements(String line, char separator) {
        List<String> elements = new ArrayList<>();
        boolean quoted = false;
        int start = 0;
        for (int i = 0; i <= line.length(); i++) {
            char c = i < line.length() ? line.charAt(i) : separator;
            if (c == '"') {
                quoted = !quoted;
            } else if (quoted && c == '\\') {
                i++;
            } else if (c == separator && !quoted || i == line.length()) {
                String element =
                        line.substring(start, Math.min(i, line.length())).strip();
                if (!element.isEmpty()) {
                    elements.add(element);
                }
                start = i + 1;
            }
        }
        if (start < line.length()) {
            elements.add(line.substring(start));
        }
        return elements;
    }

    /** The value of {@code for} in one element of {@code Forwarded}; {@code null} unless there is one. */
    private static String named(String element) {
        String found = null;
        for (String pair : elements(element, ';')) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).toLowerCase(Locale.ROOT).equals("for")) {
                if (found != null) {
                    return null;
                }
                found = pair.substring(equals + 1);
            }
        }
        boolean quoted = found != null && found.length() > 1 && found.startsWith("\"") && found.endsWith("\"");
        return quoted ? found.substring(1, found.length() - 1) : found;
    }

    /** Reads an address with or without a port; one of IPv6 may be in brackets, and is where it has a port. */
    private static InetAddress address(String text) {
        if (text == null || text.indexOf('%') >= 0) {
            return null;
        }
        String host = text;
        int colon = text.lastIndexOf(':');
        if (text.startsWith("[")) {
            int close = text.indexOf(']');
            if (close < 0 || close + 1 < text.length() && !isPort(text, close + 1)) {
                return null;
            }
            host = text.substring(1, close);
            if (host.indexOf(':') < 0) {
                return null;
            }
        } else if (colon >= 0 && text.indexOf(':') == colon) {
            if (!isPort(text, colon)) {
                return null;
            }
            host = text.substring(0, colon);
        }
        byte[] bytes = NetUtil.createByteArrayFromIpAddressString(host);
        try {
            return bytes == null ? null : InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Digits, or a name that hides them (RFC 7239, 6.3). */
    private static boolean isPort(String text, int colon) {
        if (text.startsWith("_", colon + 1)) {
            return text.charAt(colon) == ':'
                    && text.length() > colon + 2
                    && text.chars().skip(colon + 2L).allMatch(ForwardedFor::hides);
        }
        int digits = text.length() - colon - 1;
        return text.charAt(colon) == ':'
                && digits >= 1
                && digits <= 5
                && text.chars().skip(colon + 1L).allMatch(c -> c >= '0' && c <= '9');
    }

    private static boolean hides(int c) {
        return c < 128 && Character.isLetterOrDigit(c) || c == '.' || c == '_' || c == '-';
    }
}
