package io.costoptimal.gateway.server.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.LedgerStore;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.runtime.GatewayServer;
import io.costoptimal.gateway.server.runtime.LedgerStores;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What answers beside chats say they have used is in the ledger, and nothing where they say nothing. */
class UsageOfOperationsTest {

    private static final String FORM = "multipart/form-data; boundary=xx";

    @TempDir
    private Path folder;

    /** The path, a body or the parts of a form, the source of the tokens, and input, audio of it, and output. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/images/generations {'model':'m','prompt':'x'} | reported 9 0 272",
                "/v1/images/generations {'model':'m','prompt':'x','stream':true,'partial_images':1} | reported 9 0 272",
                "/v1/images/edits model=m&prompt=x&image=@ | reported 9 0 272",
                "/v1/images/variations model=m&image=@ | reported 9 0 272",
                "/v1/audio/speech {'model':'m','voice':'alloy','input':'x','stream_format':'sse'} | reported 14 0 101",
                "/v1/audio/speech {'model':'m','voice':'alloy','input':'x'} | none 0 0 0",
                "/v1/audio/transcriptions model=m&file=@ | reported 14 14 6",
                "/v1/audio/transcriptions model=m&stream=true&file=@ | reported 14 14 6",
                "/v1/audio/transcriptions model=m&response_format=text&file=@ | none 0 0 0",
                "/v1/embeddings {'model':'m','input':'x'} | reported 77 0 0",
                "/v1/rerank {'model':'m','query':'x','documents':['y']} | reported 9 0 0",
                "/v1/score {'model':'m','text_1':'x','text_2':'y'} | reported 9 0 0",
                "/v1/moderations {'model':'m','input':'x'} | none 0 0 0",
            })
    void isInTheLedgerAsTheProviderTellsIt(String line) throws Exception {
        String[] sides = line.replace('\'', '"').split(" \\| ");
        String[] request = sides[0].split(" ", 2);
        Path file = folder.resolve("gateway.yaml");
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS)) {
            Files.writeString(file, """
                    listen: 127.0.0.1:0
                    api_keys: [{key: sk-usage, name: usage}]
                    save_usage: true
                    storage_uri: "file:%s"
                    providers: [{id: p, base_url: "%s/v1"}]
                    models: [{model: m, providers: [p]}]
                    """.formatted(folder.resolve("usage.db"), provider.base()));
            GatewayConfig config = ConfigFile.parse("gateway.yaml", Files.readAllBytes(file), folder, Map.of());
            try (GatewayServer server = GatewayServer.start(config)) {
                HttpResponse<byte[]> answer = ask(server.address().getPort(), request[0], request[1]);
                assertThat(answer.statusCode()).as(new String(answer.body())).isEqualTo(200);
                server.drain(Duration.ofMinutes(1)).get();
            }
            assertThat(rows(config)).singleElement().satisfies(row -> {
                assertThat(row.text(Column.OPERATION)).isEqualTo(request[0]);
                assertThat(row.text(Column.TOKEN_SOURCE) + " " + row.number(Column.INPUT_TOKENS, 0) + " "
                                + row.number(Column.AUDIO_INPUT_TOKENS, 0) + " "
                                + row.number(Column.OUTPUT_TOKENS, 0))
                        .isEqualTo(sides[1]);
            });
        }
    }

    private static HttpResponse<byte[]> ask(int port, String path, String body) throws Exception {
        boolean form = !body.startsWith("{");
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("authorization", "Bearer sk-usage")
                .header("content-type", form ? FORM : "application/json")
                .header("x-sim-input-tokens", "77")
                .POST(BodyPublishers.ofString(form ? form(body) : body))
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofByteArray());
    }

    private static String form(String parts) {
        StringBuilder form = new StringBuilder();
        for (String part : parts.split("&")) {
            String[] member = part.split("=");
            form.append("--xx\r\nContent-Disposition: form-data; name=\"").append(member[0]);
            form.append(member[1].equals("@") ? "\"; filename=\"f.mp3" : "").append("\"\r\n\r\n");
            form.append(member[1]).append("\r\n");
        }
        return form.append("--xx--\r\n").toString();
    }

    private static List<Row> rows(GatewayConfig config) throws Exception {
        List<Row> rows = new ArrayList<>();
        try (LedgerStore store = LedgerStores.store(config.ledger())) {
            store.queries(Duration.ofMinutes(1)).forEach(new Filter(0, Long.MAX_VALUE, Map.of()), rows::add);
        }
        return rows;
    }
}
