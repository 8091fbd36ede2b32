package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.api.OpenApi;
import io.costoptimal.gateway.server.config.ConfigFile;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** All that can be asked of a running gateway, and its description. */
@Timeout(60)
class AdminRoutesTest {

    private final HttpClient client = HttpClient.newHttpClient();
    private final OpenApi description = OpenApi.read();
    private GatewayServer server;

    @BeforeEach
    void start() throws Exception {
        server = GatewayServer.start(
                ConfigFile.parse("gateway.yaml", """
                listen: 127.0.0.1:0
                admin: {listen: 127.0.0.1:0}
                event_loops: 1
                api_keys: [{key: admin-key, name: ops, role: admin}]
                providers: [{id: a, base_url: "http://127.0.0.1:1"}]
                default_provider: a
                """.getBytes(StandardCharsets.UTF_8), Path.of("."), Map.of()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void everyRouteIsDescribedAndEverythingDescribedIsARoute() {
        assertThat(server.adminRoutes().stream()
                        .map(route -> route.method() + " " + route.path().replace("*}", "}")))
                .containsExactlyInAnyOrderElementsOf(description.operations());
    }

    @Test
    void everyAnswerIsOneThatIsDescribed() throws Exception {
        for (Route route : server.adminRoutes()) {
            String path = route.path().replaceAll("\\{\\w+\\*?}", "login.html");
            HttpResponse<String> answer = ask(route.method(), path, "authorization", "Bearer admin-key");
            if (!path.startsWith("/dashboard/")) {
                description.check(
                        route.method(),
                        path,
                        answer.statusCode(),
                        answer.headers().firstValue("content-type").orElse(null),
                        answer.body());
            }
        }
    }

    @Test
    void nothingOfTheGatewayIsToldWithoutAKey() throws Exception {
        List<String> open = List.of(
                "/", "/healthz", "/readyz", "/metrics", "/dashboard", "/dashboard/{file*}", "/login", "/logout");
        for (Route route : server.adminRoutes()) {
            HttpResponse<String> answer = ask(route.method(), route.path().replaceAll("\\{\\w+\\*?}", "x"));
            if (open.contains(route.path())) {
                assertThat(route.access()).isNotEqualTo(Route.Access.KEY);
            } else {
                assertThat(answer.statusCode()).as(route.path()).isEqualTo(401);
            }
        }
    }

    @Test
    void theDashboardsFilesAreServedWithAPolicyAndKeptByBrowsersUntilTheyChange() throws Exception {
        HttpResponse<String> page = ask("GET", "/dashboard/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElseThrow())
                .startsWith("default-src 'self'; ")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("cache-control")).contains("no-cache");
        String tag = page.headers().firstValue("etag").orElseThrow();
        assertThat(ask("GET", "/dashboard/index.html").headers().firstValue("etag"))
                .contains(tag);
        assertThat(ask("GET", "/dashboard/", "if-none-match", "\"x\", " + tag).statusCode())
                .isEqualTo(304);
        assertThat(ask("GET", "/dashboard/app.js").headers().firstValue("content-type"))
                .contains("text/javascript; charset=utf-8");
        assertThat(ask("GET", "/dashboard/uplot/uPlot.min.css").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/dashboard").headers().firstValue("location")).contains("/dashboard/");
    }

    @Test
    void noFileIsReachedFromAboveOrBesideTheDashboard() throws Exception {
        for (String path : List.of(
                "/dashboard/..%2fapi%2fopenapi.json",
                "/dashboard/..%2f..%2f..%2f..%2f..%2flog4j2.xml",
                "/dashboard/%2e%2e/api/openapi.json",
                "/dashboard//index.html",
                "/dashboard/%00",
                "/dashboard/.hidden.js",
                "/dashboard/uplot/..%2f..%2fpackage.json",
                "/dashboard/uplot/",
                "/dashboard/nothing.js")) {
            assertThat(ask("GET", path).statusCode()).as(path).isEqualTo(404);
        }
    }

    private HttpResponse<String> ask(String method, String path, String... headers) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + server.adminAddress().getPort() + path);
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(
                        method,
                        method.equals("POST")
                                ? HttpRequest.BodyPublishers.ofString("{}")
                                : HttpRequest.BodyPublishers.noBody())
                .header("content-type", "application/json");
        if (headers.length > 0) {
            request.headers(headers);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }
}
