package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.http.FramingGuard;

/**
 * A request target in absolute form ({@code http://host/path}), which a server must accept (RFC 9112 section 3.2.2). Its
 * authority takes the place of the {@code Host} field; since the gateway goes by neither and sends neither on, what is left
 * is the path. Stateless.
 */
final class AbsoluteForm {

    private static final String[] SCHEMES = {"http://", "https://"};

    private AbsoluteForm() {}

    /**
     * The same target as a path and a query; {@code target} itself when it is not in absolute form.
     *
     * @throws IllegalArgumentException when it is, and its authority is not a host with or without a port
     */
    static String toOriginForm(String target) {
        for (String scheme : SCHEMES) {
            if (target.regionMatches(true, 0, scheme, 0, scheme.length())) {
                return behindAuthority(target, scheme.length());
            }
        }
        return target;
    }

    private static String behindAuthority(String target, int start) {
        int end = start;
        while (end < target.length() && target.charAt(end) != '/' && target.charAt(end) != '?') {
            end++;
        }
        if (!FramingGuard.isHost(target.substring(start, end))) {
            throw new IllegalArgumentException("request target whose authority is not a host");
        }
        String rest = target.substring(end);
        return rest.startsWith("/") ? rest : "/" + rest;
    }
}
