package io.costoptimal.gateway.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process whose heap is full ends, and says why in one line, so that whoever supervises it starts another. */
@Timeout(180)
class FullHeapTest {

    /** A megabyte of whole fields, which are kept on the heap, and no end. */
    private static final byte[] UNFINISHED = ("GET /v1/models HTTP/1.1\r\nHost: g\r\n"
                    + ("X: " + "a".repeat(11_000) + "\r\n").repeat(90))
            .getBytes(StandardCharsets.US_ASCII);

    @TempDir
    private Path folder;

    @Test
    void endsAfterTheJvmsOwnLineWithTheFlagOfTheLauncher() throws Exception {
        try (ServerRun server = start("-XX:+ExitOnOutOfMemoryError")) {
            fill(server);

            assertThat(server.exit()).isEqualTo(3);
            List<String> lines = new ArrayList<>(server.out());
            lines.addAll(server.err());
            assertThat(lines)
                    .filteredOn(line -> line.contains("OutOfMemoryError"))
                    .hasSize(1);
        }
    }

    /** Sends heads without an end until the process is gone; on a thread that nobody waits for. */
    private static void fill(ServerRun server) throws InterruptedException {
        int port = Integer.parseInt(server.address().replaceAll(".*:", ""));
        Thread clients = new Thread(
                () -> {
                    List<RawClient> open = new ArrayList<>();
                    try {
                        while (open.size() < 200) {
                            RawClient client = RawClient.connect(port);
                            open.add(client);
                            client.send(UNFINISHED);
                        }
                    } catch (IOException gone) {
                        // That is what this is for.
                    }
                },
                "unfinished-heads");
        clients.setDaemon(true);
        clients.start();
    }

    private ServerRun start(String... flags) throws IOException {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                api_keys: [sk-heap]
                providers: [{id: p, base_url: "http://127.0.0.1:1/v1"}]
                models: [{model: m, providers: [p]}]
                limits: {header_bytes: 1mb}
                timeouts: {head: 10m}
                """);
        List<String> all = new ArrayList<>(List.of("-Xmx40m", "-XX:MaxDirectMemorySize=512m", "-XX:+UseSerialGC"));
        all.addAll(List.of(flags));
        return ServerRun.start(Map.of(), "", all, "serve", "--config", config.toString(), "--access-log", "off");
    }
}
