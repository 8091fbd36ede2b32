package io.costoptimal.gateway.server.dashboard;

import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.LedgerException;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.LedgerStores;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** A real gateway whose ledger holds {@link FiftyAttempts}, in front of a simulated provider. One thread. */
final class LedgerServer implements AutoCloseable {

    /** Opens sessions, and the API. */
    static final String ADMIN_KEY = "admin-key-of-the-test";

    /** Serves clients. */
    static final String CLIENT_KEY = "client-key-of-the-test";

    private static final String CONFIG = """
            listen: 127.0.0.1:0
            event_loops: 1
            admin: {listen: 127.0.0.1:0}
            api_keys:
              - {key: %s, name: team-a}
              - {key: %s, name: operator, role: admin}
            providers:
              - {id: openai, base_url: "%s/v1"}
              - {id: house, base_url: "%s/v1"}
            prices:
              - {provider: openai, model: gpt-4o, input: 2.50, cached_input: 1.25, output: 10, context: 128000,
                 max_output: 16384, per_request: 0.0005, tiers: [{above: 64000, input: 5, output: 15}]}
            models:
              - {model: gpt-4o, providers: [openai]}
              - {model: big-1, providers: [house]}
            save_usage: true
            storage_uri: "file:%s"
            cleanup_enabled: false
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final SimulatedProvider provider;
    private final GatewayServer server;

    private LedgerServer(SimulatedProvider provider, GatewayServer server) {
        this.provider = provider;
        this.server = server;
    }

    /** Starts one; the ledger's files are in {@code folder}. */
    static LedgerServer start(Path folder) throws IOException, ConfigException, LedgerException {
        SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS);
        String yaml =
                CONFIG.formatted(CLIENT_KEY, ADMIN_KEY, provider.base(), provider.base(), folder.resolve("usage.db"));
        GatewayConfig config =
                ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), folder, Map.of());
        try (LedgerStore store = LedgerStores.store(config.ledger())) {
            store.write(FiftyAttempts.rows(), FiftyAttempts.gaps());
        }
        return new LedgerServer(provider, GatewayServer.start(config));
    }

    /** Where clients are served. */
    String gateway() {
        return "http://" + NetUtil.toSocketAddressString(server.address());
    }

    /** Where operators are. */
    String admin() {
        return "http://" + NetUtil.toSocketAddressString(server.adminAddress());
    }

    /** Asks the API. */
    HttpResponse<String> get(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(admin() + path))
                .header("Authorization", "Bearer " + ADMIN_KEY)
                .header("Accept", accept)
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    /** Begins a session, as the login page does, and returns its cookie's value. */
    String session() throws IOException, InterruptedException {
        HttpRequest login = HttpRequest.newBuilder(URI.create(admin() + "/login"))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString("{\"key\":\"" + ADMIN_KEY + "\"}"))
                .build();
        String cookie = client.send(login, BodyHandlers.discarding())
                .headers()
                .firstValue("set-cookie")
                .orElseThrow();
        return cookie.substring("session=".length(), cookie.indexOf(';'));
    }

    @Override
    public void close() {
        server.close();
        provider.close();
    }
}
