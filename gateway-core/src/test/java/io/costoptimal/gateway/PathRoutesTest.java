package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Principal.Role;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.PassedPaths;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Entries of the routes over real sockets: three keys, and no provider but those that the entries name. */
class PathRoutesTest {

    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String IMAGE = "{\"model\":\"m\",\"prompt\":\"p\"}";

    private ScriptedOrigin origin;
    private TestGateway gateway;
    private RawClient client;

    @BeforeEach
    void start() throws Exception {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
        Provider provider = TestGateway.provider(origin.port());
        List<PathRoute> routes = List.of(
                new PathRoute(patterns("/v1/images/*", "/v1/evals/*"), Set.of(), provider, Set.of("team"), false),
                new PathRoute(patterns("/v1/batches"), Set.of(), provider, Set.of(), false),
                new PathRoute(patterns("/tokenize"), Set.of("POST"), provider, Set.of(), false));
        RouteTable table = new RouteTable(
                Map.of(),
                TestGateway.routes("m", null, origin.port()).models(),
                null,
                RetryOn.ALL,
                new RouteTable.Unnamed(routes, Map.of()));
        Operations served = PassedPaths.of(StandardOperations.ALL, routes);
        KeyRing keys = KeyRing.of(List.of(
                KeyEntry.of("k-any", new Principal("any", Role.CLIENT)),
                KeyEntry.of("k-team", new Principal("team", Role.CLIENT, ModelScope.of(Set.of("m")))),
                KeyEntry.of("k-other", new Principal("other", Role.CLIENT, ModelScope.of(Set.of("m"))))));
        gateway = TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(keys, new Router(table), served, null),
                exchange -> null,
                end -> {});
        client = RawClient.connect(gateway.port());
    }

    @AfterEach
    void stop() throws Exception {
        client.close();
        gateway.close();
        origin.close();
    }

    @Test
    void onlyTheKeysThatAnEntryNamesMayUseItsPathsThoughTheyNameAModel() throws Exception {
        assertThat(post("/v1/images/generations", "k-any", IMAGE))
                .startsWith("HTTP/1.1 403 ")
                .contains("no entry of `routes` for it is for this key");
        assertThat(post("/v1/images/generations", "k-team", IMAGE)).isEqualTo(ANSWER);
        assertThat(post("/v1/chat/completions", "k-any", "{\"model\":\"m\"}")).isEqualTo(ANSWER);
    }

    @Test
    void aKeyForCertainModelsMayDoWhatCannotBeCheckedOnlyWhereAnEntryNamesIt() throws Exception {
        assertThat(post("/v1/evals", "k-team", "{}")).isEqualTo(ANSWER);
        assertThat(post("/v1/batches", "k-any", "{}")).isEqualTo(ANSWER);
        assertThat(post("/v1/batches", "k-other", "{}"))
                .startsWith("HTTP/1.1 403 ")
                .contains("model_not_allowed");
        assertThat(post("/tokenize", "k-other", "{}"))
                .startsWith("HTTP/1.1 403 ")
                .contains("model_not_allowed");
    }

    @Test
    void whatIsLeftIsNotFoundAndTheAnswerNamesTheSetting() throws Exception {
        assertThat(post("/v1/vector_stores", "k-any", "{}"))
                .startsWith("HTTP/1.1 404 ")
                .contains("`routes`", "`default_provider`");
        assertThat(post("/v1/nothing", "k-any", "{}"))
                .startsWith("HTTP/1.1 404 ")
                .contains("`routes`");
        assertThat(post("/v1/realtime/client_secrets", "k-any", "{}"))
                .startsWith("HTTP/1.1 404 ")
                .contains("`routes`");
    }

    @Test
    void aPathWithoutAVersionIsAskedBesideTheProvidersVersion() throws Exception {
        assertThat(post("/tokenize?a=b", "k-any", "not JSON")).isEqualTo(ANSWER);
        assertThat(origin.next().nextRequest())
                .startsWith("POST /tokenize?a=b HTTP/1.1\r\n")
                .endsWith("\r\n\r\nnot JSON");
    }

    private String post(String path, String key, String body) throws Exception {
        client.send("POST " + path + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + key + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body);
        return client.readMessage();
    }

    private static List<PathPattern> patterns(String... paths) {
        return List.of(paths).stream().map(PathPattern::new).toList();
    }
}
