package io.costoptimal.gateway.server.models;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.http.ErrorBodies;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Answers {@code GET /v1/models} and {@code GET /v1/models/{id}}: configured models and aliases, and what the default
 * provider lists, sorted by name, each caller seeing what its key may use. Any thread; answers come from an immutable list
 * and wait for nobody.
 *
 * <p>Always one page: {@code has_more} is false whatever {@code limit} an Anthropic client asks for.
 */
public final class ModelList implements LocalService, AutoCloseable {

    private static final String JSON = "application/json";
    private static final Duration REFRESH = Duration.ofMinutes(5);

    private static final String OWNER = "gateway";

    private final RemoteModels remote;

    private List<ListedModel> configured = List.of();
    private List<ListedModel> fetched = List.of();
    private volatile TreeMap<String, ListedModel> all = new TreeMap<>();
    private volatile Router router = new Router(new RouteTable(Map.of(), List.of(), null, RetryOn.ALL));

    /** @param alsoTrusted certificates to trust beside the platform's when the provider's list is fetched */
    public ModelList(List<X509Certificate> alsoTrusted) {
        remote = new RemoteModels(alsoTrusted, this::fetched, REFRESH);
    }

    /**
     * Lists these from now on; called at the start and after every reload.
     *
     * @param names configured models and aliases
     * @param routes serve them
     * @param fallback the provider of all other models, whose own list is added once it has come; {@code null} for none
     */
    public void configure(Collection<String> names, Router routes, Provider fallback) {
        synchronized (this) {
            router = routes;
            configured = names.stream()
                    .filter(name -> !ModelPattern.isWildcard(name))
                    .map(name -> new ListedModel(name, 0, OWNER))
                    .toList();
            merge();
        }
        remote.follow(fallback);
    }

    /** Takes over what the default provider lists. */
    synchronized void fetched(List<ListedModel> models) {
        fetched = models;
        merge();
    }

    private void merge() {
        TreeMap<String, ListedModel> merged = new TreeMap<>();
        fetched.forEach(model -> merged.put(model.id(), model));
        configured.forEach(model -> merged.put(model.id(), model));
        all = merged;
    }

    @Override
    public LocalAnswer answer(ExchangeReport exchange) {
        boolean anthropic = exchange.target().family() == ApiFamily.ANTHROPIC;
        Principal caller = exchange.principal();
        Router routes = router;
        String id = exchange.target().pathModel();
        if (id == null) {
            List<ListedModel> visible = all.values().stream()
                    .filter(model -> caller.mayUse(model.id(), routes))
                    .toList();
            return json(200, ModelJson.list(visible, anthropic));
        }
        ListedModel model = caller.mayUse(id, routes) ? find(id, routes) : null;
        return model == null ? unknown(id, anthropic, exchange.id()) : json(200, ModelJson.one(model, anthropic));
    }

    /** A model that a wildcard serves is nowhere listed, and is there all the same. */
    private ListedModel find(String id, Router routes) {
        ListedModel listed = all.get(id);
        return listed == null && routes.lists(id) ? new ListedModel(id, 0, OWNER) : listed;
    }

    private static LocalAnswer unknown(String id, boolean anthropic, String requestId) {
        Rejection refusal = Rejection.unknownModel(id);
        byte[] body = anthropic
                ? ErrorBodies.anthropic(refusal.message(), refusal.anthropicType(), requestId)
                : ErrorBodies.openAi(refusal.message(), refusal.openAiType(), refusal.param(), refusal.code());
        return new LocalAnswer(refusal.status(), JSON, body);
    }

    private static LocalAnswer json(int status, String body) {
        return new LocalAnswer(status, JSON, body.getBytes(StandardCharsets.UTF_8));
    }

    /** Stops following the default provider. */
    @Override
    public void close() {
        remote.close();
    }
}
