package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.ledger.postgres.PostgresServer;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whose an object is outlives the gateway through which it was made, when there is a ledger. */
@Timeout(60)
class ObjectsAfterARestartTest {

    private static final Pattern ID = Pattern.compile("\"id\": ?\"([^\"]+)\"");

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    Path folder;

    @Test
    void inAFile() throws Exception {
        String storage = "{save_usage: true, storage_uri: 'file:" + folder.resolve("usage.db") + "'";
        assertKnownAfterARestart(storage);
        assertThat(folder.resolve("usage-objects.db")).exists();
    }

    @Test
    void inPostgreSql() throws Exception {
        assertKnownAfterARestart("{save_usage: true, storage_type: postgres, storage_uri: '"
                + PostgresServer.shared().address() + "'");
    }

    private void assertKnownAfterARestart(String storage) throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("t"))) {
            String config =
                    storage + ", listen: '127.0.0.1:0', event_loops: 1, default_provider: sim, providers: [{id: sim,"
                            + " base_url: '" + provider.base() + "/v1', access_token: t}], api_keys: [%s]}";
            String id;
            try (GatewayServer server =
                    start(config.formatted("alices-key, bobs-key, {key: carols-key, name: carol}"))) {
                HttpResponse<String> made = ask(server, "alices-key", "POST", "");
                assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
                Matcher found = ID.matcher(made.body());
                assertThat(found.find()).isTrue();
                id = "/" + found.group(1);
                assertThat(ask(server, "alices-key", "GET", id).statusCode()).isEqualTo(200);
            }
            // Other places of the same keys: one that stands where another stood is not that one.
            try (GatewayServer server =
                    start(config.formatted("bobs-key, alices-key, {key: carols-key, name: carol}"))) {
                assertThat(ask(server, "bobs-key", "GET", id).statusCode()).isEqualTo(404);
                assertThat(ask(server, "carols-key", "GET", id).statusCode()).isEqualTo(404);
                assertThat(ask(server, "alices-key", "GET", id).statusCode()).isEqualTo(200);
                assertThat(ask(server, "bobs-key", "DELETE", id).statusCode()).isEqualTo(404);
                assertThat(ask(server, "alices-key", "DELETE", id).statusCode()).isEqualTo(200);
            }
            try (GatewayServer server = start(config.formatted("bobs-key, alices-key"))) {
                HttpResponse<String> gone = ask(server, "alices-key", "GET", id);
                assertThat(gone.statusCode()).isEqualTo(404);
                assertThat(gone.headers().map()).doesNotContainKey("x-upstream-request-id");
            }
        }
    }

    private GatewayServer start(String config) throws Exception {
        return GatewayServer.start(
                ConfigFile.parse("gateway.yaml", config.getBytes(StandardCharsets.UTF_8), folder, Map.of()));
    }

    private HttpResponse<String> ask(GatewayServer server, String key, String method, String id) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + server.address().getPort() + "/v1/vector_stores" + id))
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .method(
                        method,
                        method.equals("POST") ? BodyPublishers.ofString("{\"name\":\"n\"}") : BodyPublishers.noBody())
                .build();
        return client.send(request, BodyHandlers.ofString());
    }
}
