package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Route.Access;
import io.costoptimal.gateway.server.admin.StaticFiles;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.metrics.Exposition;
import io.costoptimal.gateway.server.metrics.Metrics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** What operators can ask of a running gateway: the list. Stateless. */
final class AdminRoutes {

    private static final String PAGES = "/io/costoptimal/gateway/server/dashboard/";
    private static final String CHARTS = "/META-INF/resources/webjars/uplot/1.6.30/dist/";

    private AdminRoutes() {}

    /** Everything but the sessions of browsers. */
    static List<Route> of(Metrics metrics, BooleanSupplier draining) {
        List<Route> routes = new ArrayList<>();
        routes.add(open("/healthz", Access.HEALTH, Kind.NONE, request -> of(LocalAnswers.OK)));
        routes.add(open("/readyz", Access.HEALTH, Kind.NONE, request -> of(LocalAnswers.ready(draining))));
        routes.add(open("/metrics", Access.OPEN_ON_LOOPBACK, Kind.SCRAPE, request -> scrape(metrics, request)));
        routes.add(
                open("/", Access.OPEN, Kind.NONE, request -> Answer.empty(303).with("location", "/dashboard/")));
        routes.addAll(new StaticFiles("/dashboard", Map.of("", PAGES, "uplot/", CHARTS)).routes());
        return routes;
    }

    private static Route open(String path, Access access, Kind threads, Route.Endpoint endpoint) {
        return new Route("GET", path, access, threads, endpoint);
    }

    private static Answer of(LocalAnswer answer) {
        return Answer.of(answer.status(), answer.contentType(), answer.body());
    }

    /** The format is the one that the scraper asks for; caches on the way are told so. */
    private static Answer scrape(Metrics metrics, Request request) throws IOException {
        Exposition scraped = metrics.scrape(request.header("accept"));
        return Answer.of(200, scraped.contentType(), scraped.text()).with("vary", "Accept");
    }
}
