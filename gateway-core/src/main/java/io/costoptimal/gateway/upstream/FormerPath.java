package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Provider;

/**
 * Base and operation joined as versions before this one did ({@code join: v1}): {@code /v1/...} is appended to every base,
 * without what both have in common. Stateless.
 */
final class FormerPath {

    private static final String AZURE_V1 = ProviderPath.AZURE + ProviderPath.VERSION;
    private static final String DEPLOYMENTS = ProviderPath.AZURE + "/deployments";

    private FormerPath() {}

    static ProviderPath of(Provider provider, Endpoint endpoint) {
        String base = BasePath.raw(provider.base());
        boolean canonical = provider.kind() != Provider.Kind.AZURE
                || base.endsWith(AZURE_V1)
                || endpoint.family() == ApiFamily.ANTHROPIC;
        if (canonical) {
            return new ProviderPath(join(base, endpoint.path()), null);
        }
        String operation = ProviderPath.operation(endpoint);
        if (!ProviderPath.BY_DEPLOYMENT.contains(endpoint)) {
            return new ProviderPath(join(base, ProviderPath.AZURE + operation), null);
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
    static String join(String base, String path) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            // A base that ends with "/v1" ends with the whole segment, because the piece itself starts with the slash.
            if (base.regionMatches(base.length() - end, path, 0, end)) {
                return base + path.substring(end);
            }
        }
        return base + path;
    }
}
