package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Endpoint;

/**
 * The paths of an Azure resource. A base may be the resource alone, its {@code /openai}, its {@code /openai/v1}, one of its
 * deployments, or the resource's {@code /anthropic}. Stateless.
 */
final class AzurePath {

    private static final String V1 = ProviderPath.AZURE + ProviderPath.VERSION;
    private static final String DEPLOYMENTS = ProviderPath.AZURE + "/deployments";
    private static final String ANTHROPIC = "/anthropic";

    private AzurePath() {}

    static ProviderPath of(BasePath base, Endpoint endpoint) {
        String operation = ProviderPath.operation(endpoint);
        if (endpoint.family() == ApiFamily.ANTHROPIC) {
            return new ProviderPath(anthropic(base) + operation, null);
        }
        if (base.path().endsWith(V1)) {
            return new ProviderPath(base.path() + operation, null);
        }
        String resource = before(ANTHROPIC, before(ProviderPath.AZURE, base.path()));
        if (!ProviderPath.BY_DEPLOYMENT.contains(endpoint)) {
            return new ProviderPath(resource + ProviderPath.AZURE + operation, null);
        }
        int named = base.path().lastIndexOf(DEPLOYMENTS + "/");
        if (named >= 0) {
            // What follows the deployment may be the first half of the operation.
            return new ProviderPath(FormerPath.join(base.path(), operation), null);
        }
        return new ProviderPath(resource + DEPLOYMENTS + '/', operation);
    }

    private static String anthropic(BasePath base) {
        String resource = before(ProviderPath.AZURE, base.path());
        boolean itself =
                resource.equals(base.path()) && before(ANTHROPIC, resource).length() < resource.length();
        return itself ? base.likeAnthropic() : resource + ANTHROPIC + ProviderPath.VERSION;
    }

    /** What stands before the last {@code segment} of {@code path}; all of it when there is none. */
    private static String before(String segment, String path) {
        int at = (path + '/').lastIndexOf(segment + '/');
        return at < 0 ? path : path.substring(0, at);
    }
}
