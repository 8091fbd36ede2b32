package io.costoptimal.gateway.exchange;

import java.net.URI;

/**
 * Where a provider is and how it is reached.
 *
 * @param base {@code http} or {@code https}, host, optional port, optional path; no query
 * @param join how the path of {@code base} and that of an operation become one
 * @param proxy through whom connections are made; {@code null} to connect directly
 */
public record Location(URI base, Join join, Proxy proxy) {

    /** Ways to put a base and an operation together. */
    public enum Join {
        /** As the vendors' own SDKs do: the base stands for {@code https://api.openai.com/v1} or {@code https://api.anthropic.com}. */
        SDK,
        /** As versions before this one did: {@code /v1/...} is appended to every base that does not end in {@code /v1}. */
        V1
    }

    /** A base reached directly, joined as SDKs do. */
    public static Location of(URI base) {
        return new Location(base, Join.SDK, null);
    }

    /** Whether TLS is spoken. */
    public boolean secure() {
        return "https".equalsIgnoreCase(base.getScheme());
    }

    /**
     * The host as it was written, a literal IPv6 address in brackets; {@code null} when there is none. Names that
     * {@link URI#getHost} does not know because of an underscore are hosts, too: containers have such names.
     */
    public String host() {
        return base.getHost() != null ? base.getHost() : authority(true);
    }

    /** The port of the base, or the usual one of its scheme; above 65535 when what was written is no port. */
    public int port() {
        if (base.getHost() != null) {
            return base.getPort() >= 0 ? base.getPort() : usualPort();
        }
        String written = authority(false);
        if (written == null || written.isEmpty()) {
            return usualPort();
        }
        return written.length() <= 5 && written.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Integer.parseInt(written)
                : Integer.MAX_VALUE;
    }

    /** What {@code Host} says, and what belongs between scheme and path: the port only when it is not the usual one. */
    public String authority() {
        return port() == usualPort() ? host() : host() + ':' + port();
    }

    private int usualPort() {
        return secure() ? 443 : 80;
    }

    /** The host or, without it, the port of an authority that {@link URI} did not take apart; {@code null} when absent. */
    private String authority(boolean host) {
        String authority = base.getRawAuthority();
        if (authority == null) {
            return null;
        }
        authority = authority.substring(authority.lastIndexOf('@') + 1);
        int colon = authority.lastIndexOf(':');
        if (host) {
            return colon < 0 ? authority : authority.substring(0, colon);
        }
        return colon < 0 ? null : authority.substring(colon + 1);
    }
}
