package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.server.admin.AdminKeys;
import io.costoptimal.gateway.server.admin.AdminServer;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.metrics.Attempts;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The API over a ledger in memory; every answer is held against its description. Used by one thread. */
final class ApiServer implements AutoCloseable {

    private static final KeyEntry OPS = KeyEntry.of("admin-key", new Principal("ops", Principal.Role.ADMIN));
    private static final OpenApi DESCRIPTION = OpenApi.read();

    final MemoryLedger ledger = new MemoryLedger();
    private final HttpClient client = HttpClient.newHttpClient();
    private final TestGateway gateway;
    private final AdminServer admin;

    /**
     * @param yaml the configuration
     * @param keepsLedger whether there is a ledger
     */
    ApiServer(String yaml, boolean keepsLedger) throws IOException, ConfigException {
        this(yaml, keepsLedger, Prices.NONE);
    }

    /** The same with prices. */
    ApiServer(String yaml, boolean keepsLedger, Prices prices) throws IOException, ConfigException {
        GatewayConfig config =
                ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), Path.of("."), Map.of());
        gateway = TestGateway.start(
                config.engine().withEventLoops(1), config.snapshot().with(prices), exchange -> null, exchange -> {});
        admin = AdminServer.start(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                new AdminServer.Access(Set.of(), () -> AdminKeys.of(List.of(OPS)), System::nanoTime),
                Api.routes(new Api.Subject(
                        gateway.gateway(),
                        () -> config,
                        new Ledgers(keepsLedger ? limit -> ledger : null),
                        provider -> new Attempts(7, 2, 1),
                        provider -> provider.equals("b"))));
    }

    TestGateway gateway() {
        return gateway;
    }

    /** Asks with an admin key, and holds the answer against the description. */
    HttpResponse<String> get(String target, String... headers) throws IOException, InterruptedException {
        return send("GET", target, HttpRequest.BodyPublishers.noBody(), headers);
    }

    /** The same for a POST of JSON. */
    HttpResponse<String> post(String target, String body) throws IOException, InterruptedException {
        return send("POST", target, HttpRequest.BodyPublishers.ofString(body), "content-type", "application/json");
    }

    private HttpResponse<String> send(String method, String target, HttpRequest.BodyPublisher body, String... headers)
            throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + admin.address().getPort() + target);
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).method(method, body).header("authorization", "Bearer admin-key");
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<String> answer = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        DESCRIPTION.check(
                method,
                uri.getRawPath(),
                answer.statusCode(),
                answer.headers().firstValue("content-type").orElse(null),
                answer.body());
        return answer;
    }

    @Override
    public void close() {
        admin.close();
        gateway.close();
    }
}
