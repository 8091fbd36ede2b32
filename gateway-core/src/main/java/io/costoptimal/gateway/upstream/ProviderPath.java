package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Provider;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;

/**
 * The path of one operation at one provider, with a gap where a deployment's name goes. Immutable.
 *
 * <p>Whatever form the client used, the provider gets the form it knows: an Azure-style path becomes the canonical one for
 * every other kind, and the other way round.
 *
 * @param before the path up to the deployment, or all of it
 * @param after what follows the deployment; {@code null} when the path has none
 */
public record ProviderPath(String before, String after) {

    /** The operations that name their deployment in the path; every other one names it in the body. */
    private static final Set<Endpoint> BY_DEPLOYMENT =
            EnumSet.of(Endpoint.CHAT_COMPLETIONS, Endpoint.COMPLETIONS, Endpoint.EMBEDDINGS);

    private static final String VERSION = "/v1";
    private static final String AZURE = "/openai";
    private static final String DEPLOYMENTS = AZURE + "/deployments";
    private static final String AZURE_V1 = AZURE + VERSION;

    /** Where {@code provider} serves {@code endpoint}. */
    static ProviderPath of(Provider provider, Endpoint endpoint) {
        String base = path(provider.base());
        boolean canonical = provider.kind() != Provider.Kind.AZURE
                || base.endsWith(AZURE_V1)
                || endpoint.family() == ApiFamily.ANTHROPIC;
        if (canonical) {
            return new ProviderPath(join(base, endpoint.path()), null);
        }
        String operation = endpoint.path().substring(VERSION.length());
        if (!BY_DEPLOYMENT.contains(endpoint)) {
            return new ProviderPath(join(base, AZURE + operation), null);
        }
        int fixed = base.lastIndexOf(DEPLOYMENTS + "/");
        if (fixed >= 0) {
            String deployment = base.substring(fixed + DEPLOYMENTS.length());
            return new ProviderPath(base.substring(0, fixed) + join(DEPLOYMENTS + deployment, operation), null);
        }
        return new ProviderPath(join(base, DEPLOYMENTS) + '/', operation);
    }

    /**
     * Puts two paths together. Where the base ends with the segments the other begins with, they are there once:
     * {@code /v1} and {@code /v1/chat/completions} give {@code /v1/chat/completions}.
     *
     * @param base without a slash at its end; may be empty
     * @param path with a slash at its start
     */
    public static String join(String base, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            // A base that ends with "/v1" ends with the whole segment, because the piece itself starts with the slash.
            if (base.regionMatches(base.length() - end, path, 0, end)) {
                return base + path.substring(end);
            }
        }
        return base + path;
    }

    /** The path of a configured base, still percent-encoded, without slashes at its end. */
    static String path(URI base) {
        String path = base.getRawPath() == null ? "" : base.getRawPath();
        int end = path.length();
        while (end > 0 && path.charAt(end - 1) == '/') {
            end--;
        }
        return path.substring(0, end);
    }

    /** Whether {@link #encode} has to go between the halves. */
    boolean byDeployment() {
        return after != null;
    }

    /** {@code name} as one path segment: all but RFC 3986's unreserved characters percent-encoded as UTF-8. */
    static String encode(String name) {
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

    static boolean unreserved(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "-._~".indexOf(c) >= 0;
    }

    private static char hex(int nibble) {
        return Character.toUpperCase(Character.forDigit(nibble & 0xf, 16));
    }
}
