package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the process knows of answers when it chooses the cheapest. */
@Timeout(60)
class LearnedOutputTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @Test
    void isLearnedFromAnswersAndOutlivesAReload() throws Exception {
        HttpServer dearOutput = provider("dear output");
        HttpServer dearInput = provider("dear input");
        try (GatewayServer server = GatewayServer.start(config(dearOutput, dearInput, "8s"))) {
            assertThat(ask(server)).as("a usual length").contains("dear input");
            assertThat(ask(server)).as("a word").contains("dear output");
            server.reload(config(dearOutput, dearInput, "9s"));
            assertThat(ask(server)).as("still a word").contains("dear output");
        } finally {
            dearOutput.stop(0);
            dearInput.stop(0);
        }
    }

    /** Answers with one token. */
    private static HttpServer provider(String name) throws IOException {
        HttpServer provider = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        byte[] answer = ("{\"from\":\"" + name + "\",\"usage\":{\"prompt_tokens\":20,\"completion_tokens\":1}}")
                .getBytes(StandardCharsets.US_ASCII);
        provider.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        provider.start();
        return provider;
    }

    private static GatewayConfig config(HttpServer dearOutput, HttpServer dearInput, String timeout) throws Exception {
        String yaml = """
                listen: 127.0.0.1:0
                event_loops: 1
                api_keys: [secret]
                providers:
                  - {id: a, timeout: %s, base_url: "http://127.0.0.1:%d/v1"}
                  - {id: b, base_url: "http://127.0.0.1:%d/v1"}
                models:
                  - {model: m, strategy: cheapest, providers: [a, b]}
                prices:
                  - {provider: a, model: m, input: 1, output: 20}
                  - {provider: b, model: m, input: 4, output: 10, per_request: 0.00002}
                """.formatted(
                        timeout,
                        dearOutput.getAddress().getPort(),
                        dearInput.getAddress().getPort());
        return ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), Path.of("."), Map.of());
    }

    private String ask(GatewayServer server) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/chat/completions"))
                .header("Authorization", "Bearer secret")
                .POST(HttpRequest.BodyPublishers.ofString(
                        "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"yes or no?\"}]}"))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
    }
}
