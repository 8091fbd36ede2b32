package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The model that is routed, logged and sent is one name: every operation, at every kind of provider, with the name in each
 * place where a request can have it.
 */
class OneNameTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** Of Azure's operations, those whose path names the deployment. */
    private static final Set<Operation> BY_DEPLOYMENT = Set.of(
            StandardOperations.CHAT_COMPLETIONS,
            StandardOperations.COMPLETIONS,
            StandardOperations.EMBEDDINGS,
            StandardOperations.IMAGES,
            StandardOperations.SPEECH);

    /** Those whose body may leave the model out. */
    private static final Set<Operation> MODEL_OPTIONAL = Set.of(
            StandardOperations.RESPONSES,
            StandardOperations.RESPONSES_INPUT_TOKENS,
            StandardOperations.RESPONSES_COMPACT,
            StandardOperations.MODERATIONS,
            StandardOperations.IMAGES,
            StandardOperations.RERANK,
            StandardOperations.PLAIN_RERANK,
            StandardOperations.SCORE,
            StandardOperations.PLAIN_SCORE);

    private enum Place {
        OPENAI(ProviderKinds.OPENAI, ""),
        ANTHROPIC(ProviderKinds.ANTHROPIC, ""),
        AZURE(ProviderKinds.AZURE, ""),
        AZURE_V1(ProviderKinds.AZURE, "/openai/v1");

        final ProviderKind kind;
        final String base;

        Place(ProviderKind kind, String base) {
            this.kind = kind;
            this.base = base;
        }

        boolean namesInPath(Operation operation) {
            return this == AZURE && BY_DEPLOYMENT.contains(operation);
        }
    }

    /**
     * @param path the model in Azure's form of the path; {@code null} for the public path
     * @param body the body
     * @param sent the name that must arrive; {@code null} when the request is refused or names none
     * @param arriving the body that must arrive where the path does not name the model
     * @param named the same where it does
     */
    private record Row(String path, String body, String sent, String arriving, String named) {}

    private static List<Row> rows(Operation operation) {
        List<Row> rows = new ArrayList<>();
        rows.add(inBody("m", "m"));
        rows.add(inBody("nick", "m"));
        rows.add(inBody("renamed", "r/1"));
        rows.add(inBody("wild-1", "wild-1"));
        rows.add(inBody("unlisted", "unlisted"));
        rows.add(new Row(
                null, "{\"model\" : \"\\u006d\"}", "m", "{\"model\" : \"\\u006d\"}", "{\"model\" : \"\\u006d\"}"));
        boolean optional = MODEL_OPTIONAL.contains(operation);
        for (String neither : List.of("{\"a\":1}", "{}", "{\"model\":null,\"a\":1}")) {
            rows.add(new Row(null, neither, null, optional ? neither : null, null));
        }
        if (operation.family() == ApiFamily.OPENAI && operation.path().startsWith("/v1/")) {
            for (Map.Entry<String, String> name : Map.of("m", "m", "nick", "m", "renamed", "r/1", "wild-1", "wild-1")
                    .entrySet()) {
                rows.addAll(inPath(name.getKey(), name.getValue()));
            }
        }
        return rows;
    }

    private static Row inBody(String asked, String sent) {
        String arriving = body(sent);
        return new Row(null, body(asked), sent, arriving, arriving);
    }

    private static List<Row> inPath(String asked, String sent) {
        String quoted = "\"" + sent + "\"";
        return List.of(
                new Row(asked, body(asked), sent, body(sent), body(sent)),
                new Row(asked, body("placeholder"), sent, body(sent), body(sent)),
                new Row(asked, "{\"model\":null}", sent, "{\"model\":" + quoted + "}", "{\"model\":" + quoted + "}"),
                new Row(asked, " { \"a\":1}", sent, " {\"model\":" + quoted + ", \"a\":1}", " { \"a\":1}"),
                new Row(asked, "{ }", sent, "{\"model\":" + quoted + " }", "{ }"));
    }

    private static String body(String model) {
        return "{\"a\":[1], \"model\" : \"" + model + "\",\"z\":{\"model\":\"x\"}}";
    }

    @ParameterizedTest
    @EnumSource(Place.class)
    void arrivesLoggedAndWhereverTheProviderWantsIt(Place place) throws Exception {
        BlockingQueue<String> logged = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(place, origin.port(), logged);
                RawClient client = RawClient.connect(gateway.port())) {
            ScriptedOrigin.Connection provider = null;
            for (Operation operation : proxied()) {
                for (Row row : rows(operation)) {
                    if (row.arriving == null || row.sent == null && place.namesInPath(operation)) {
                        refused(gateway, operation, row);
                        assertThat(logged.take()).isEqualTo("null -> null");
                        continue;
                    }
                    client.send(request(operation, row));
                    assertThat(client.readMessage()).as(operation + " " + row).startsWith("HTTP/1.1 200 ");
                    provider = provider == null ? origin.next() : provider;
                    arrived(place, operation, row, provider.nextRequest());
                    assertThat(logged.take()).as(operation + " " + row).endsWith(" -> " + row.sent);
                }
            }
        }
    }

    private static List<Operation> proxied() {
        return StandardOperations.ALL.byModel().stream()
                .filter(operation -> operation.body().policy() == BodyPolicy.HELD_JSON)
                .toList();
    }

    private static void arrived(Place place, Operation operation, Row row, String request) {
        String target = request.substring(request.indexOf(' ') + 1, request.indexOf(" HTTP/1.1\r\n"));
        boolean inPath = place.namesInPath(operation);
        String as = operation + " " + row;
        assertThat(request).as(as).endsWith("\r\n\r\n" + (inPath ? row.named : row.arriving));
        if (inPath) {
            assertThat(target).as(as).startsWith("/openai/deployments/" + row.sent.replace("/", "%2F") + "/");
        } else {
            assertThat(target).as(as).doesNotContain("/deployments/");
        }
    }

    private static void refused(TestGateway gateway, Operation operation, Row row) throws Exception {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(operation, row));
            assertThat(client.readMessage())
                    .as(operation + " " + row)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("you must provide a model parameter");
        }
    }

    private static String request(Operation operation, Row row) {
        String path = row.path == null
                ? operation.path()
                : "/openai/deployments/" + row.path + operation.path().substring("/v1".length());
        return "POST " + path + " HTTP/1.1\r\nHost: g\r\napi-key: " + TestGateway.KEY
                + "\r\nContent-Type: application/json\r\nContent-Length: " + row.body.length() + "\r\n\r\n" + row.body;
    }

    private static TestGateway start(Place place, int port, BlockingQueue<String> logged) throws Exception {
        Provider provider =
                TestGateway.provider(place.kind, "http://127.0.0.1:" + port + place.base, Duration.ofSeconds(10));
        RouteTable routes = new RouteTable(
                Map.of("nick", "m"),
                List.of(entry("m", provider, null), entry("renamed", provider, "r/1"), entry("wild-*", provider, null)),
                provider,
                RetryOn.ALL);
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(routes),
                exchange -> null,
                end -> logged.add(end.modelAsked() + " -> " + end.modelSent()));
    }

    private static ModelRoutes entry(String name, Provider provider, String sent) {
        return new ModelRoutes(name, List.of(new Candidate(provider, sent)), List.of(), null);
    }
}
