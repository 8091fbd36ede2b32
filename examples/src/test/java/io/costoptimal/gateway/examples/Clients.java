package io.costoptimal.gateway.examples;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;

/** The two ends of a gateway under test: a client that asks for gpt-4o, and providers that answer with their names. */
final class Clients {

    static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    private static final HttpClient HTTP = HttpClient.newHttpClient();

    private Clients() {}

    /** A provider that answers everything with {@code name}; to be stopped. */
    static HttpServer provider(String name) throws IOException {
        HttpServer server = HttpServer.create(ANY, 0);
        server.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            byte[] body = name.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        return server;
    }

    static URI base(HttpServer provider) {
        return URI.create("http://127.0.0.1:" + provider.getAddress().getPort() + "/v1");
    }

    /** The same, as a gateway knows it. */
    static Provider known(String id, HttpServer provider) {
        Provider.Access access = new Provider.Access("sk-provider", null, Map.of());
        return new Provider(id, ProviderKinds.OPENAI, base(provider), access, Duration.ofSeconds(30));
    }

    /** Asks the gateway at {@code port} for gpt-4o, by {@code key}. */
    static HttpResponse<String> chat(int port, String key) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/chat/completions"))
                .version(HttpClient.Version.HTTP_1_1)
                .timeout(Duration.ofSeconds(30))
                .header("Authorization", "Bearer " + key)
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"gpt-4o\",\"messages\":[]}"))
                .build();
        return HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    }
}
