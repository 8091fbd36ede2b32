package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.ProviderPath;
import java.net.URI;

/**
 * Base and operation joined as versions before this one did ({@code join: v1}): {@code /v1/...} is appended to every base,
 * without what both have in common. Stateless.
 */
final class FormerPath {

    private FormerPath() {}

    /** Where a public API has {@code operation}. */
    static ProviderPath canonical(URI base, Operation operation) {
        return new ProviderPath(join(BasePath.raw(base), operation.path()), null);
    }

    /** Where an Azure resource has it. */
    static ProviderPath azure(URI address, Operation operation) {
        String base = BasePath.raw(address);
        if (base.endsWith(Azure.V1) || operation.family() == ApiFamily.ANTHROPIC) {
            return canonical(address, operation);
        }
        String behind = operation.behindVersion();
        if (!operation.model().byDeployment()) {
            return new ProviderPath(join(base, Azure.OPENAI + behind), null);
        }
        int fixed = base.lastIndexOf(Azure.DEPLOYMENTS + "/");
        if (fixed >= 0) {
            String deployment = base.substring(fixed + Azure.DEPLOYMENTS.length());
            return new ProviderPath(base.substring(0, fixed) + join(Azure.DEPLOYMENTS + deployment, behind), null);
        }
        return new ProviderPath(join(base, Azure.DEPLOYMENTS) + '/', behind);
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
