package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.http.CredentialFields;
import java.net.URI;
import java.util.Set;

/**
 * An Azure resource, which has both APIs. A base may be the resource alone, its {@code /openai}, its {@code /openai/v1}, one
 * of its deployments, or the resource's {@code /anthropic}. Stateless.
 */
final class Azure implements ProviderKind {

    static final String OPENAI = "/openai";
    static final String V1 = OPENAI + BasePath.VERSION;
    static final String DEPLOYMENTS = OPENAI + "/deployments";
    private static final String ANTHROPIC = "/anthropic";

    @Override
    public String word() {
        return "azure";
    }

    @Override
    public Set<ApiFamily> families() {
        return Set.of(ApiFamily.values());
    }

    @Override
    public String credentialField() {
        return CredentialFields.API_KEY.toString();
    }

    @Override
    public boolean versioned() {
        return true;
    }

    @Override
    public String deployment(URI base) {
        String path = base.getPath() == null ? "" : base.getPath();
        int at = path.lastIndexOf(DEPLOYMENTS + '/');
        if (at < 0) {
            return null;
        }
        String name = path.substring(at + DEPLOYMENTS.length() + 1);
        int slash = name.indexOf('/');
        name = slash < 0 ? name : name.substring(0, slash);
        return name.isEmpty() ? null : name;
    }

    @Override
    public ProviderPath path(Provider provider, Operation operation) {
        if (provider.location().join() == Location.Join.V1) {
            return FormerPath.azure(provider.base(), operation);
        }
        BasePath base = BasePath.of(provider.base());
        String behind = operation.behindVersion();
        if (operation.family() == ApiFamily.ANTHROPIC) {
            return new ProviderPath(anthropic(base) + behind, null);
        }
        if (base.path().endsWith(V1)) {
            return new ProviderPath(base.path() + behind, null);
        }
        String resource = before(ANTHROPIC, before(OPENAI, base.path()));
        if (!operation.model().byDeployment()) {
            return new ProviderPath(resource + OPENAI + behind, null);
        }
        if (base.path().contains(DEPLOYMENTS + '/')) {
            // What follows the deployment may be the first half of the operation.
            return new ProviderPath(FormerPath.join(base.path(), behind), null);
        }
        return new ProviderPath(resource + DEPLOYMENTS + '/', behind);
    }

    private static String anthropic(BasePath base) {
        String resource = before(OPENAI, base.path());
        boolean itself =
                resource.equals(base.path()) && before(ANTHROPIC, resource).length() < resource.length();
        return itself ? base.likeAnthropic() : resource + ANTHROPIC + BasePath.VERSION;
    }

    /** What stands before the last {@code segment} of {@code path}; all of it when there is none. */
    private static String before(String segment, String path) {
        int at = (path + '/').lastIndexOf(segment + '/');
        return at < 0 ? path : path.substring(0, at);
    }

    @Override
    public String toString() {
        return word();
    }
}
