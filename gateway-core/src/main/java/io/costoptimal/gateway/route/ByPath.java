package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Decision.Match;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Unnamed;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where requests go that name no model: to the provider that keeps their objects, else where an entry of {@code routes} says,
 * else, if they make something, to the default provider. Immutable, any thread.
 */
final class ByPath {

    /** {@link Decision#matched} when the provider was taken that keeps the objects of the request. */
    static final String OWNER = "owner";

    private final RouteTable table;
    /** By row: what {@link #about} has found. */
    private final Map<Operation, List<PathRoute>> about = new ConcurrentHashMap<>();

    ByPath(RouteTable table) {
        this.table = table;
    }

    /** {@code null} for a request that could name a model, and that no entry is about. */
    Decision decide(Unnamed request) {
        Operation operation = request.operation();
        boolean mayName = operation.model() != ModelPlace.NONE;
        PathRoute route = route(request);
        if (route == null && mayName) {
            return null;
        }
        if (route == null) {
            Rejection refusal = refusal(request);
            if (refusal != null) {
                return refuse(refusal);
            }
        }
        return decision(request, route);
    }

    /** Whether an entry for the request opens the objects of other keys. */
    boolean shares(Unnamed request) {
        PathRoute route = route(request);
        return route != null && route.shareObjects();
    }

    /** Why a request is refused that no entry is about, or none that is for its key; {@code null} when it is not. */
    private Rejection refusal(Unnamed request) {
        Operation operation = request.operation();
        if (!request.caller().models().isAll()) {
            return Rejection.of(
                    403,
                    "model_not_allowed",
                    "This key is for certain models, and which one " + operation
                            + " is about cannot be told. An entry of `routes` that names the key allows it.");
        }
        Rejection closed = closed(operation, request.caller());
        if (closed != null) {
            return closed;
        }
        return operation.objects().kind() == Kind.CREDENTIAL
                ? Rejection.of(
                        404,
                        null,
                        operation + " makes a credential of the provider's, which goes past the gateway."
                                + " It is served once an entry of `routes` allows it.")
                : null;
    }

    /** Why {@code caller} may not use {@code operation}: every entry for it is for other keys; {@code null} when it may. */
    Rejection closed(Operation operation, Principal caller) {
        List<PathRoute> routes = about(operation);
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).isFor(caller.name())) {
                return null;
            }
        }
        return routes.isEmpty()
                ? null
                : Rejection.of(
                        403,
                        null,
                        "This key may not use " + operation + ": no entry of `routes` for it is for this key.");
    }

    /** The entries that are about {@code operation}, in their order. */
    private List<PathRoute> about(Operation operation) {
        return table.paths().isEmpty()
                ? List.of()
                : about.computeIfAbsent(
                        operation,
                        row -> table.paths().stream()
                                .filter(route -> route.covers(row))
                                .toList());
    }

    /**
     * The first entry for the request; of several, the first whose provider has the client's API. Keys that are for certain
     * models need one that names them.
     */
    private PathRoute route(Unnamed request) {
        Operation operation = request.operation();
        Principal caller = request.caller();
        boolean restricted =
                operation.model() == ModelPlace.NONE && !caller.models().isAll();
        PathRoute first = null;
        List<PathRoute> routes = about(operation);
        for (int i = 0; i < routes.size(); i++) {
            PathRoute route = routes.get(i);
            boolean admits = restricted ? route.names(caller.name()) : route.isFor(caller.name());
            if (admits) {
                if (route.speaks(operation.family())) {
                    return route;
                }
                first = first == null ? route : first;
            }
        }
        return first;
    }

    /** @param route {@code null} when no entry is about the request */
    private Decision decision(Unnamed request, PathRoute route) {
        Role role = request.operation().objects().role();
        boolean shares = request.caller().role() == Principal.Role.ADMIN || route != null && route.shareObjects();
        if (role == Role.LISTS && !shares) {
            // Whatever it refers to: a list has what every key has made.
            return refuse(lists(request));
        }
        if (request.owner() != null) {
            Provider owner = table.providers().get(request.owner());
            return owner == null ? refuse(notFound(request)) : go(owner, OWNER);
        }
        if ((role == Role.READS || role == Role.DELETES) && !shares) {
            return refuse(notFound(request));
        }
        if (route != null && route.provider() != null) {
            return go(route.provider(), by(route));
        }
        Provider standard = table.defaultProvider();
        boolean speaks = standard != null
                && standard.kind().families().contains(request.operation().family());
        return !speaks ? refuse(nowhere(request.operation())) : go(standard, Router.DEFAULT_PROVIDER);
    }

    /** What leads to {@code route}, as logs and {@code explain} tell it. */
    private String by(PathRoute route) {
        return "route " + (table.paths().indexOf(route) + 1);
    }

    private static Rejection notFound(Unnamed request) {
        return Rejection.of(
                404,
                null,
                "This key has made no such object: " + request.operation()
                        + " (`share_objects` of an entry of `routes` opens those of other keys).");
    }

    private static Rejection lists(Unnamed request) {
        return Rejection.of(
                403,
                null,
                request.operation() + " lists what every key has made; it needs an entry of `routes` with"
                        + " `share_objects: true`.");
    }

    private static Rejection nowhere(Operation operation) {
        return Rejection.of(
                404,
                null,
                "Nothing says where " + operation + " goes: it needs an entry of `routes`, or a `default_provider` that"
                        + " has this API.");
    }

    private Decision go(Provider provider, String by) {
        return decision(new Match(null, by), List.of(new Candidate(provider, null)));
    }

    private Decision refuse(Rejection refusal) {
        return decision(new Match(null, Router.NOTHING, refusal), List.of());
    }

    private Decision decision(Match match, List<Candidate> candidates) {
        return new Decision(null, match, Choice.ordered(candidates), table.retryOn(), new Decision.Tokens(0, 0, false));
    }
}
