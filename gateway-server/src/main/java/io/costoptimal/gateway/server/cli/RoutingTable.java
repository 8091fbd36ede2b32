package io.costoptimal.gateway.server.cli;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.PassedPaths;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.prices.PriceSheet;
import io.costoptimal.gateway.server.prices.RoutedPrice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A configuration as text: who comes in, where requests go and by which rules. Shows no key, token or header value. */
final class RoutingTable {

    private final StringBuilder out = new StringBuilder();

    /** What providers are asked for by the name of a model. */
    private final List<Operation> operations;

    private RoutingTable(List<Operation> operations) {
        this.operations = operations;
    }

    /** Some lines, each with its line feed. */
    static String of(GatewayConfig config) {
        RoutingTable table = new RoutingTable(config.snapshot().operations().byModel());
        table.server(config);
        table.providers(List.copyOf(config.routing().providers().values()));
        RouteTable routes = config.routing().table();
        table.prices(
                RoutedPrice.of(routes, config.routing().prices()),
                config.routing().prices());
        routes.models().forEach(table::model);
        table.paths(routes, config.snapshot().operations());
        table.rest(routes);
        return table.out.toString();
    }

    private void server(GatewayConfig config) {
        config.server()
                .listeners()
                .forEach(listener ->
                        line("listen      %s%s", listener.at(), listener.proxyProtocol() ? "  PROXY protocol" : ""));
        line(
                "admin       %s",
                config.server().admin() == null
                        ? "none"
                        : config.server().admin().listen());
        long admins = config.keys().stream()
                .filter(key -> key.owner().role() == Principal.Role.ADMIN)
                .count();
        String names =
                config.keys().stream().map(KeyEntry::owner).map(Principal::name).collect(Collectors.joining(", "));
        line("keys        %d, %d of role admin: %s", config.keys().size(), admins, names);
    }

    private void providers(List<Provider> providers) {
        line("providers   %d", providers.size());
        int id = widest(providers, Provider::id);
        int base = widest(providers, provider -> provider.base().toString());
        for (Provider provider : providers) {
            String kind = provider.kind().word();
            List<String> headers = List.copyOf(provider.access().headers().keySet());
            line(
                    "  %-" + id + "s  %-9s  %-" + base + "s  first byte %ss%s%s",
                    provider.id(),
                    kind,
                    provider.base(),
                    seconds(provider.firstByteTimeout().toMillis()),
                    headers.isEmpty() ? "" : ", sets " + String.join(", ", headers),
                    provider.location().proxy() == null
                            ? ""
                            : ", by proxy " + provider.location().proxy());
            urls(provider);
        }
    }

    /** What the names that are sent cost; nothing when nobody asks for prices. */
    private void prices(List<RoutedPrice> routed, Prices prices) {
        if (prices == Prices.NONE) {
            return;
        }
        long priced = routed.stream().filter(one -> one.price() != null).count();
        line("prices      %d, dollars for a million tokens", priced);
        int name = widest(routed, RoutedPrice::name);
        for (RoutedPrice one : routed) {
            String price = one.price() == null
                    ? one.wildcard() ? "by name" : "none"
                    : PriceSheet.line(one.price()) + ", from " + one.price().version();
            line("  %-" + name + "s  %s", one.name(), price);
        }
    }

    /** Where each operation goes at {@code provider}. */
    private void urls(Provider provider) {
        int path = widest(operations, Operation::path);
        for (Operation operation : operations) {
            line("    %-" + path + "s  %s", operation.path(), ProviderPath.url(provider, operation));
        }
    }

    private void model(ModelRoutes routes) {
        line("");
        line("model %s", routes.model());
        int n = 1;
        for (RoutedRule routed : routes.rules()) {
            String rule = routed.rule().expression().strip().replaceAll("\\s*\\R\\s*", " ");
            line("  %d. %s", n++, rule);
            Rejection refusal = routed.refusal();
            line(
                    "       -> %s",
                    refusal == null
                            ? candidates(routed.candidates(), routed.strategy())
                            : refusal.status() + " " + refusal.message());
        }
        if (!routes.providers().isEmpty()) {
            line(
                    "  %s -> %s",
                    routes.rules().isEmpty() ? "always" : "otherwise",
                    candidates(routes.providers(), routes.strategy()));
        }
        if (routes.retryOn() != null) {
            line("  moves on after %s", words(routes.retryOn()));
        }
    }

    private void paths(RouteTable routes, Operations served) {
        if (!routes.paths().isEmpty()) {
            line("");
        }
        int n = 1;
        for (PathRoute route : routes.paths()) {
            Provider provider = route.provider() == null ? routes.defaultProvider() : route.provider();
            line(
                    "route %d  %s of %s -> %s%s%s%s",
                    n++,
                    route.methods().isEmpty() ? "any method" : sorted(route.methods()),
                    all(route.paths()),
                    provider.id(),
                    route.keys().isEmpty() ? "" : ", for " + sorted(route.keys()),
                    route.shareObjects() ? ", shares objects" : "",
                    unopened(route, served));
        }
    }

    /** The rule about paths of objects is easily overlooked: says where it holds. */
    private static String unopened(PathRoute route, Operations served) {
        List<PathPattern> closed = route.paths().stream()
                .filter(path -> !route.shareObjects() && PassedPaths.isAboutObjects(path, served))
                .toList();
        if (closed.isEmpty()) {
            return "";
        }
        return ", opens no further paths" + (closed.size() == route.paths().size() ? "" : " by " + all(closed));
    }

    private static String all(List<PathPattern> paths) {
        return paths.stream().map(PathPattern::toString).collect(Collectors.joining(", "));
    }

    private static String sorted(Set<String> words) {
        return String.join(", ", new TreeSet<>(words));
    }

    private void rest(RouteTable routes) {
        line("");
        new TreeMap<>(routes.aliases()).forEach((alias, target) -> line("alias %s = %s", alias, target));
        Provider fallback = routes.defaultProvider();
        line("other models -> %s", fallback == null ? "404" : fallback.id());
        line("moves on after %s", words(routes.retryOn()));
    }

    private static String candidates(List<Candidate> candidates, Strategy strategy) {
        if (strategy instanceof Strategy.Weighted weighted) {
            return "by lot: "
                    + IntStream.range(0, candidates.size())
                            .mapToObj(i -> weighted.weights().get(i) + " x " + name(candidates.get(i)))
                            .collect(Collectors.joining(", "));
        }
        if (strategy instanceof Strategy.Cheapest cheapest) {
            return "the cheapest of " + names(candidates, ", ") + (cheapest.affinity() ? "" : ", without affinity");
        }
        return names(candidates, ", then ");
    }

    private static String names(List<Candidate> candidates, String between) {
        return candidates.stream().map(RoutingTable::name).collect(Collectors.joining(between));
    }

    private static String name(Candidate candidate) {
        String id = candidate.provider().id();
        return candidate.model() == null ? id : id + " as " + candidate.model();
    }

    /** The words that {@link RetryOn#parse} would read. */
    private static String words(RetryOn retryOn) {
        List<String> words = new ArrayList<>();
        if (retryOn.connectError()) {
            words.add("connect_error");
        }
        if (retryOn.noAnswer()) {
            words.add("no_answer");
        }
        if (retryOn.timeout()) {
            words.add("timeout");
        }
        for (int hundred = 400; hundred < 600; hundred += 100) {
            List<String> statuses = IntStream.range(hundred, hundred + 100)
                    .filter(retryOn::status)
                    .mapToObj(Integer::toString)
                    .toList();
            words.addAll(statuses.size() == 100 ? List.of(hundred / 100 + "xx") : statuses);
        }
        return words.isEmpty() ? "nothing" : String.join(", ", words);
    }

    private static String seconds(long millis) {
        return millis % 1000 == 0 ? Long.toString(millis / 1000) : Double.toString(millis / 1000.0);
    }

    private static <T> int widest(List<T> items, Function<T, String> text) {
        return items.stream().map(text).mapToInt(String::length).max().orElse(1);
    }

    private void line(String format, Object... values) {
        out.append(String.format(Locale.ROOT, format, values)).append('\n');
    }
}
