package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.api.ProviderList.Health;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.metrics.Attempts;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** All of the API: the list of its routes. */
public final class Api {

    private static final String DESCRIPTION = "openapi.json";

    private Api() {}

    /**
     * What the API tells of.
     *
     * @param gateway the engine
     * @param config in force, asked for each request
     * @param ledgers the ledger, if one is kept
     * @param attempts how often a provider was asked, by its id
     * @param failing whether a provider fails at present, by its id
     */
    public record Subject(
            Gateway gateway,
            Supplier<GatewayConfig> config,
            Ledgers ledgers,
            Function<String, Attempts> attempts,
            Predicate<String> failing) {}

    /** Every route. */
    public static List<Route> routes(Subject subject) {
        List<Route> routes = new ArrayList<>();
        routes.add(new UsageSummary(subject.ledgers(), System::currentTimeMillis).route());
        routes.addAll(new UsageRows(subject.ledgers()).routes());
        routes.add(new LiveExchanges(subject.gateway(), System::currentTimeMillis).route());
        routes.add(new ProviderList(
                        () -> subject.config().get().routing().providers().values(),
                        new Health(subject.attempts(), subject.failing()))
                .route());
        Supplier<Prices> prices = () -> subject.gateway().snapshot().prices();
        routes.add(new PriceRows(() -> subject.config().get().routing().table(), prices).route());
        routes.add(new Explain(subject.config(), subject.gateway()::snapshot).route());
        routes.add(new Replay(subject.ledgers(), subject.config(), prices, System::currentTimeMillis).route());
        routes.add(Route.get("/openapi.json", Kind.QUICK, Api::description));
        return routes;
    }

    private static Answer description(Request request) throws IOException {
        try (InputStream in = Api.class.getResourceAsStream(DESCRIPTION)) {
            return Answer.json(in.readAllBytes());
        }
    }
}
