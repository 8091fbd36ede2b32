package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Principal.Role;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.PassedPaths;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each row of the table that goes to a provider, and some that entries of the routes open: what arrives is what was sent, and
 * what comes back is what was answered. A new row is tested without a word here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationTest {

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nX-Odd: two  blanks\r\n"
                    + "Content-Length: 8\r\n\r\n{\"a\":\u00001}";

    /** As a client spells an id; what it stands for is no matter of the provider's. */
    private static final String SPELLED = "id%2D1:%C3%BC~";

    private static final List<PathRoute> ROUTES = List.of(
            route("/v1/assistants/*", Set.of()),
            route("/tokenize", Set.of("POST", "MKCOL")),
            route("/v1/files/*", Set.of()),
            route("/v1/realtime/*", Set.of()));

    private static final List<PathRoute> ANTHROPICS =
            List.of(route("/v1/messages/batches/*", Set.of()), route("/v1/files/*", Set.of()));

    private static final Operations TABLE = PassedPaths.of(StandardOperations.ALL, ROUTES);

    private ScriptedOrigin origin;
    private TestGateway gateway;
    private RawClient client;
    private ScriptedOrigin.Connection provider;

    @BeforeAll
    void start() throws Exception {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
        gateway = startFor(origin.port());
    }

    @BeforeEach
    void connect() throws Exception {
        client = RawClient.connect(gateway.port());
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
    }

    private static TestGateway startFor(int port) throws Exception {
        return startFor(port, ProviderKinds.OPENAI, "/v1");
    }

    private static TestGateway startFor(int port, ProviderKind kind, String base) throws Exception {
        Provider only = TestGateway.provider(kind, "http://127.0.0.1:" + port + base, Duration.ofSeconds(10));
        Provider claude = TestGateway.provider(
                ProviderKinds.ANTHROPIC, "http://127.0.0.1:" + port + "/v1", Duration.ofSeconds(10));
        List<PathRoute> routes = Stream.concat(
                        ROUTES.stream().map(route -> at(route, only)),
                        ANTHROPICS.stream().map(route -> at(route, claude)))
                .toList();
        RouteTable table =
                new RouteTable(Map.of(), List.of(), only, RetryOn.ALL, new RouteTable.Unnamed(routes, Map.of()));
        Principal admin = new Principal("ops", Role.ADMIN);
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, admin))), new Router(table), TABLE, null),
                exchange -> null,
                end -> {});
    }

    @AfterAll
    void stop() {
        gateway.close();
        origin.close();
    }

    static Stream<Operation> proxied() {
        return TABLE.proxied().stream().filter(row -> !row.method().equals("HEAD"));
    }

    static Stream<Operation> ofAzure() {
        return proxied()
                .filter(row -> row.family() == ApiFamily.OPENAI && row.path().startsWith("/v1/"))
                .filter(row -> !row.path().endsWith("{*}"));
    }

    @ParameterizedTest
    @MethodSource("proxied")
    void passesByteForByte(Operation operation) throws Exception {
        String path = path(operation);
        for (String body : bodies(operation)) {
            client.send(request(operation, path + "?after=%2F&x=1", body));
            assertThat(client.readMessage()).isEqualTo(ANSWER);
            String arrived = arrived();
            assertThat(arrived)
                    .startsWith(operation.method() + " " + path + "?after=%2F&x=1 HTTP/1.1\r\n")
                    .endsWith("\r\n\r\n" + body)
                    .contains("\r\nX-Odd: two  blanks\r\n")
                    .contains(TestGateway.PROVIDER_TOKEN + "\r\n")
                    .doesNotContain(TestGateway.KEY);
            if (body.isEmpty() && !announcesLength(operation)) {
                assertThat(arrived).doesNotContainIgnoringCase("content-length", "transfer-encoding");
            } else {
                assertThat(arrived).containsIgnoringCase("\r\ncontent-length: " + body.length() + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("ofAzure")
    void isFoundByAzuresSpellingsToo(Operation operation) throws Exception {
        String path = path(operation);
        String body = bodies(operation).get(0);
        client.send(request(operation, "/openai" + path + "?api-version=1", body));
        assertThat(client.readMessage()).isEqualTo(ANSWER);
        assertThat(arrived()).startsWith(operation.method() + " " + path + "?api-version=1 HTTP/1.1\r\n");
    }

    @Test
    void isAskedWhereAnAzureResourceHasIt() throws Exception {
        ScriptedOrigin resource = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
        try (resource;
                TestGateway azure = startFor(resource.port(), ProviderKinds.AZURE, "");
                RawClient asking = RawClient.connect(azure.port())) {
            ScriptedOrigin.Connection asked = null;
            for (Operation operation : ofAzure().toList()) {
                asking.send(
                        request(operation, path(operation), bodies(operation).get(0)));
                assertThat(asking.readMessage()).as(operation.toString()).isEqualTo(ANSWER);
                asked = asked == null ? resource.next() : asked;
                String behind = path(operation).substring("/v1".length());
                String place = operation.model().byDeployment() ? "/openai/deployments/m" : "/openai";
                assertThat(asked.nextRequest())
                        .startsWith(operation.method() + " " + place + behind + "?api-version=2024-10-21 HTTP/1.1\r\n");
            }
        }
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItsLength() throws Exception {
        ScriptedOrigin heads =
                ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
        try (heads;
                TestGateway other = startFor(heads.port());
                RawClient asking = RawClient.connect(other.port())) {
            for (int i = 0; i < 2; i++) {
                asking.send("HEAD /v1/assistants/a HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                        + "\r\n\r\n");
                assertThat(asking.readUntil("\r\n\r\n"))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .containsIgnoringCase("content-length: 9\r\n");
            }
        }
    }

    private String arrived() throws Exception {
        provider = provider == null ? origin.next() : provider;
        return provider.nextRequest();
    }

    private static String path(Operation operation) {
        return operation.path().replace("{*}", "some/rest/").replaceAll("\\{[^}]*}", SPELLED);
    }

    private static boolean announcesLength(Operation operation) {
        return Set.of("POST", "PUT", "PATCH").contains(operation.method());
    }

    /** What a request may carry; empty for none. */
    private static List<String> bodies(Operation operation) {
        BodyPolicy policy = operation.body().policy();
        String model = operation.model() == ModelPlace.NONE ? "" : "\"model\":\"m\",";
        return switch (policy) {
            case HELD_JSON -> List.of("{" + model + " \"a\" : [1.0, \"\u00c3\u00a4\"]}");
            case NONE -> List.of("", "{ }");
            case STREAMED -> List.of("", "a\u0000b\r\n\u00ff");
            case MULTIPART ->
                List.of(
                        "--xx\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n--xx\r\n"
                                + "Content-Disposition: form-data; name=\"file\"; filename=\"f\"\r\n\r\n\u0000\u00ff\r\n--xx--\r\n",
                        "{" + model + "\"file_id\" : \"f\"}");
        };
    }

    private static String request(Operation operation, String target, String body) {
        String type = body.startsWith("--") ? "multipart/form-data; boundary=xx" : "application/json";
        boolean none = body.isEmpty() && !announcesLength(operation);
        return operation.method() + " " + target + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nX-Odd: two  blanks\r\n"
                + (operation.family() == ApiFamily.ANTHROPIC ? "anthropic-version: 2023-06-01\r\n" : "")
                + (none ? "" : "Content-Type: " + type + "\r\nContent-Length: " + body.length() + "\r\n") + "\r\n"
                + body;
    }

    private static PathRoute route(String path, Set<String> methods) {
        return new PathRoute(List.of(new PathPattern(path)), methods, null, Set.of(), false);
    }

    private static PathRoute at(PathRoute route, Provider provider) {
        return new PathRoute(route.paths(), route.methods(), provider, route.keys(), route.shareObjects());
    }
}
