package io.costoptimal.gateway.server.admin;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** All that can be asked at the operators' listener. Immutable. */
public final class Site {

    private final List<Route> routes;

    /** @param routes no two of one method and path; earlier ones are looked at first */
    public Site(List<Route> routes) {
        this.routes = List.copyOf(routes);
    }

    /** In the order in which they are looked at. */
    public List<Route> routes() {
        return routes;
    }

    /**
     * A route and what its variables are.
     *
     * @param route that is asked for
     * @param variables by name
     */
    record Found(Route route, Map<String, String> variables) {}

    /**
     * Finds the route for a request.
     *
     * @throws Refused 404 or 405
     */
    Found find(String method, String path) throws Refused {
        List<Route> others = new ArrayList<>();
        for (Route route : routes) {
            Map<String, String> variables = route.match(path);
            if (variables != null) {
                if (route.method().equals(method) || route.method().equals("GET") && method.equals("HEAD")) {
                    return new Found(route, variables);
                }
                others.add(route);
            }
        }
        if (others.isEmpty()) {
            throw new Refused(404, "not_found", "There is nothing at " + path + ".");
        }
        throw new Refused(
                405,
                "method_not_allowed",
                method + " is not for " + path + " (expected: " + Route.allowed(others) + ")");
    }

    /** The methods that {@code path} takes, for an Allow field. */
    String allowed(String path) {
        return Route.allowed(
                routes.stream().filter(route -> route.match(path) != null).toList());
    }
}
