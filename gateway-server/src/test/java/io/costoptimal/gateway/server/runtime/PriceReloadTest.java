package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Prices of a running gateway. */
@Timeout(120)
class PriceReloadTest {

    private final HttpClient client = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void aMalformedListIsRefusedAndTheOldPricesStayUntilABetterOneComes() throws Exception {
        Path list = folder.resolve("list.csv");
        cost(list, "1", "2");
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("t"));
                ServerRun run = serve(provider)) {
            String started = run.await(line -> line.contains(" started "));
            assertThat(started).contains(" prices=1/1 ");
            URI metrics = URI.create("http://" + started.replaceAll(".* admin=(\\S+) .*", "$1") + "/metrics");
            URI chat = URI.create("http://" + run.address() + "/v1/chat/completions");
            chat(chat);
            long once = spent(metrics, 1);
            assertThat(once).isPositive();

            cost(list, "-1", "2");
            run.signal("HUP");
            assertThat(run.await(line -> line.contains("reload_failed")))
                    .contains("list.csv:3:7: input: -1 (expected: dollars such as 2.50)");
            chat(chat);
            assertThat(spent(metrics, 2 * once)).isEqualTo(2 * once);

            cost(list, "10", "20");
            run.signal("HUP");
            assertThat(run.await(line -> line.contains("INFO  reloaded"))).endsWith(" changes=\"prices: ~sim m\"");
            chat(chat);
            assertThat(spent(metrics, 12 * once)).isEqualTo(12 * once);
        }
    }

    private static void cost(Path list, String input, String output) throws IOException {
        Files.writeString(list, "# date: 2026-11-20\nvendor,model,input,output\nsim,m," + input + ',' + output + '\n');
    }

    private ServerRun serve(SimulatedProvider provider) throws IOException {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                admin: {listen: 127.0.0.1:0}
                event_loops: 1
                api_keys: [{key: k, name: team-a}]
                providers: [{id: sim, base_url: "%s/v1", access_token: t}]
                models: [{model: m, providers: [sim]}]
                prices_file: list.csv
                """.formatted(provider.base()));
        return ServerRun.start(Map.of(), "serve", "--config", config.toString(), "--access-log", "off");
    }

    private void chat(URI chat) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(chat)
                .header("authorization", "Bearer k")
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"messages\":[]}"))
                .build();
        assertThat(client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode())
                .isEqualTo(200);
    }

    /** In nano-dollars, once they are that many: a client may have its answer a moment before the exchange is told of. */
    private long spent(URI metrics, long atLeast) throws Exception {
        long spent;
        do {
            String text = client.send(HttpRequest.newBuilder(metrics).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            spent = text.lines()
                    .filter(each -> each.startsWith("gateway_cost_usd_total{"))
                    .mapToLong(line -> Math.round(1e9 * Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))))
                    .sum();
        } while (spent < atLeast);
        return spent;
    }
}
