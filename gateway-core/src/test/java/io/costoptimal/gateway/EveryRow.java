package io.costoptimal.gateway;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
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
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Each row of the table that goes to a provider, and some that entries of the routes open, with requests for it that are made from
 * the row alone.
 */
final class EveryRow {

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

    private static final String ANSWER_HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nX-Odd: two  blanks\r\n";

    /** Every byte there is, a character for each. */
    static final String BYTES =
            IntStream.range(0, 256).mapToObj(Character::toString).collect(Collectors.joining());

    static final String SIZED = ANSWER_HEAD + "Content-Length: 256\r\n\r\n" + BYTES;

    static final String CHUNKED = ANSWER_HEAD + "transfer-encoding: chunked\r\n\r\n00A\r\n" + BYTES.substring(0, 10)
            + "\r\nF6\r\n" + BYTES.substring(10) + "\r\n0\r\n\r\n";

    /** What a request says that wants to be answered with {@link #CHUNKED}. */
    static final String CHUNKS_WANTED = "x-answer: chunked";

    private EveryRow() {}

    /** A provider that answers with {@link #SIZED} or {@link #CHUNKED}. */
    static ScriptedOrigin origin() throws IOException {
        return ScriptedOrigin.start(connection -> {
            for (String request = connection.readRequest(); request != null; request = connection.readRequest()) {
                connection.send(request.contains("\r\n" + CHUNKS_WANTED + "\r\n") ? CHUNKED : SIZED);
            }
        });
    }

    static Stream<Operation> proxied() {
        return TABLE.proxied().stream().filter(row -> !row.method().equals("HEAD"));
    }

    /** A gateway in front of one provider, which has every model; clients may speak HTTP/2 with prior knowledge. */
    static TestGateway startFor(int port) throws Exception {
        return startFor(port, ProviderKinds.OPENAI, "/v1");
    }

    static TestGateway startFor(int port, ProviderKind kind, String base) throws Exception {
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
        Listener listener = Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        return TestGateway.start(
                List.of(listener.withHttp2()),
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, admin))), new Router(table), TABLE, null),
                exchange -> null,
                end -> {});
    }

    /** A path of it, as a client spells it. */
    static String path(Operation operation) {
        return operation.path().replace("{*}", "some/rest/").replaceAll("\\{[^}]*}", SPELLED);
    }

    /** Whether a request of its method says that it has no body. */
    static boolean announcesLength(Operation operation) {
        return Set.of("POST", "PUT", "PATCH").contains(operation.method());
    }

    /** What a request may carry, a byte for each character; empty for none. */
    static List<String> bodies(Operation operation) {
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

    /** The body of a message, without the chunked coding. */
    static String payload(String message) {
        int from = message.indexOf("\r\n\r\n") + 4;
        if (!message.substring(0, from).toLowerCase(Locale.ROOT).contains("\r\ntransfer-encoding: chunked\r\n")) {
            return message.substring(from);
        }
        StringBuilder payload = new StringBuilder();
        while (true) {
            int line = message.indexOf("\r\n", from);
            int length = Integer.parseInt(message.substring(from, line), 16);
            if (length == 0) {
                return payload.toString();
            }
            payload.append(message, line + 2, line + 2 + length);
            from = line + 2 + length + 2;
        }
    }

    static String contentType(String body) {
        return body.startsWith("--") ? "multipart/form-data; boundary=xx" : "application/json";
    }

    private static PathRoute route(String path, Set<String> methods) {
        return new PathRoute(List.of(new PathPattern(path)), methods, null, Set.of(), false);
    }

    private static PathRoute at(PathRoute route, Provider provider) {
        return new PathRoute(route.paths(), route.methods(), provider, route.keys(), route.shareObjects());
    }
}
