package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Provider;
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
    static final Set<Endpoint> BY_DEPLOYMENT =
            EnumSet.of(Endpoint.CHAT_COMPLETIONS, Endpoint.COMPLETIONS, Endpoint.EMBEDDINGS);

    static final String VERSION = "/v1";
    static final String AZURE = "/openai";

    /** Where {@code provider} serves {@code endpoint}. */
    static ProviderPath of(Provider provider, Endpoint endpoint) {
        if (provider.location().join() == Location.Join.V1) {
            return FormerPath.of(provider, endpoint);
        }
        BasePath base = BasePath.of(provider.base());
        return switch (provider.kind()) {
            case OPENAI -> new ProviderPath(base.likeOpenAi() + operation(endpoint), null);
            case ANTHROPIC -> new ProviderPath(base.likeAnthropic() + operation(endpoint), null);
            case AZURE -> AzurePath.of(base, endpoint);
        };
    }

    /**
     * The URL that {@code endpoint} has at {@code provider}, as a person reads it: a deployment that depends on the request
     * is shown as <code>{deployment}</code>.
     */
    public static String url(Provider provider, Endpoint endpoint) {
        ProviderPath path = of(provider, endpoint);
        String version =
                provider.kind() == Provider.Kind.AZURE ? provider.access().apiVersion() : null;
        return (provider.location().secure() ? "https://" : "http://")
                + provider.location().authority()
                + path.before
                + (path.byDeployment() ? "{deployment}" + path.after : "")
                + (version == null ? "" : "?api-version=" + version);
    }

    /** What every provider's path of {@code endpoint} ends in: the canonical path behind its version. */
    static String operation(Endpoint endpoint) {
        return endpoint.path().substring(VERSION.length());
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
