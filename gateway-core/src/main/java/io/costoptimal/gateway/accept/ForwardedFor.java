package io.costoptimal.gateway.accept;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.util.AsciiString;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/**
 * Finds the client in what proxies have noted of a request's way. Each adds the address it got the request from at the right
 * end, so only what trusted proxies wrote counts: it is read from the right, and the first address that is no trusted proxy's
 * is the client's. What stands left of that is the client's own word, and no byte of it changes how the right end is read: no
 * line is ever read from its left end. Stateless, any thread.
 */
final class ForwardedFor {

    private static final AsciiString X_FORWARDED_FOR = AsciiString.cached("x-forwarded-for");
    private static final AsciiString FORWARDED = AsciiString.cached("forwarded");

    /** Instead of a place in a line whose right end belongs to no element. */
    private static final int UNSPLITTABLE = -2;

    private ForwardedFor() {}

    /**
     * The address that the request came from.
     *
     * @param connection of a trusted proxy; {@code null} when it has none
     * @return {@code connection} where proxies noted nothing; {@code null} where a trusted proxy noted something that is no
     *     address: the client is unknown then, and is not taken for that proxy
     */
    static InetAddress client(HttpHeaders fields, TrustedProxies proxies, InetAddress connection) {
        boolean standard = proxies.field() == TrustedProxies.Field.FORWARDED;
        List<String> lines = fields.getAll(standard ? FORWARDED : X_FORWARDED_FOR);
        InetAddress client = connection;
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int end = line.length();
            while (end >= 0) {
                // X-Forwarded-For knows no quoted strings: a quote there is only a wrong address.
                int comma = standard ? lastUnquoted(line, ',', end) : line.lastIndexOf(',', end - 1);
                if (comma == UNSPLITTABLE) {
                    return null;
                }
                String element = line.substring(comma + 1, end).strip();
                end = comma;
                // Empty elements of a list say nothing (RFC 9110, 5.6.1).
                if (!element.isEmpty()) {
                    client = address(standard ? named(element) : element);
                    if (client == null || !proxies.trusts(client)) {
                        return client;
                    }
                }
            }
        }
        return client;
    }

    /**
     * The last {@code separator} before {@code end} that is in no quoted string.
     *
     * <p>Reading from the right end, a quote closes a string, and {@link #opening} finds where it begins. That is right for
     * whatever is written by the rules of RFC 9110, 5.6.4, whatever stands left of it.
     *
     * @return -1 when there is none; {@link #UNSPLITTABLE} when a string begins nowhere
     */
    private static int lastUnquoted(String text, char separator, int end) {
        for (int at = end - 1; at >= 0; at--) {
            char c = text.charAt(at);
            if (c == separator) {
                return at;
            }
            if (c == '"') {
                at = opening(text, at);
                if (at < 0) {
                    return UNSPLITTABLE;
                }
            }
        }
        return -1;
    }

    /** Where the string begins that {@code closing} ends: the next quote to the left that is not escaped; -1 for nowhere. */
    private static int opening(String text, int closing) {
        int at = text.lastIndexOf('"', closing - 1);
        while (at >= 0 && escaped(text, at)) {
            at = text.lastIndexOf('"', at - 1);
        }
        return at;
    }

    /** Whether an odd number of backslashes stands right before {@code at}. */
    private static boolean escaped(String text, int at) {
        int first = at;
        while (first > 0 && text.charAt(first - 1) == '\\') {
            first--;
        }
        return (at - first) % 2 == 1;
    }

    /**
     * The value of {@code for} in one element of {@code Forwarded}; {@code null} unless there is exactly one, and every string
     * in the element is the whole value of a parameter.
     */
    private static String named(String element) {
        String found = null;
        int end = element.length();
        while (end >= 0) {
            int semicolon = lastUnquoted(element, ';', end);
            String pair = element.substring(semicolon + 1, end).strip();
            end = semicolon;
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String value = value(pair.substring(equals + 1));
            boolean client = equals == 3 && pair.regionMatches(true, 0, "for", 0, 3);
            if (equals <= 0 || value == null || client && found != null) {
                return null;
            }
            found = client ? value : found;
        }
        return found;
    }

    /** What a parameter's value says, without the quotes around it; {@code null} where a quote stands elsewhere. */
    private static String value(String written) {
        if (written.indexOf('"') < 0) {
            return written;
        }
        int last = written.length() - 1;
        boolean string = last > 0 && written.charAt(last) == '"' && opening(written, last) == 0;
        return string ? written.substring(1, last) : null;
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
