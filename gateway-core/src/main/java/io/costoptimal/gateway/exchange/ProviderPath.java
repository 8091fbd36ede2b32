package io.costoptimal.gateway.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The path of one operation at one provider, with a gap where a deployment's name goes. A path without a
 * deployment may have other gaps: the operation's parameters, which stand in braces, in the order of its own path. Immutable.
 *
 * @param before the path up to the deployment, or all of it
 * @param after what follows the deployment; {@code null} when the path has none
 */
public record ProviderPath(String before, String after) {

    /**
     * The URL that {@code operation} has at {@code provider}, as a person reads it: a deployment that depends on the request
     * is shown as <code>{deployment}</code>.
     */
    public static String url(Provider provider, Operation operation) {
        ProviderPath path = provider.kind().path(provider, operation);
        String version = provider.apiVersion();
        return (provider.location().secure() ? "https://" : "http://")
                + provider.location().authority()
                + path.before
                + (path.byDeployment() ? "{deployment}" + path.after : "")
                + (version == null ? "" : "?api-version=" + version);
    }

    /** What stands before, between and behind the parameters of {@link #before}; that alone when it has none. */
    public List<String> pieces() {
        List<String> pieces = new ArrayList<>();
        int start = 0;
        for (int open = before.indexOf('{'); open >= 0; open = before.indexOf('{', start)) {
            pieces.add(before.substring(start, open));
            start = before.indexOf('}', open) + 1;
        }
        pieces.add(before.substring(start));
        return pieces;
    }

    /** Whether {@link #encode} has to go between the halves. */
    public boolean byDeployment() {
        return after != null;
    }

    /** {@code name} as one path segment: all but RFC 3986's unreserved characters percent-encoded as UTF-8. */
    public static String encode(String name) {
        StringBuilder out = new StringBuilder(name.length());
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            if (unreserved((char) (b & 0xff))) {
                out.append((char) b);
            } else {
                out.append('%').append(hex(b >> 4)).append(hex(b));
            }
        }
        return out.toString();
    }

    private static boolean unreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 0xf, 16));
    }
}
