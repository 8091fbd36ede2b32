package io.costoptimal.gateway.server.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that was allowed to hold more than it has memory for says so, refuses what does not fit, and goes on. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MemoryLimitsTest {

    private static final String KEY = "sk-limits";
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok";
    private static final int LENGTH = 31 * 1024 * 1024;

    @TempDir
    private Path folder;

    @Test
    void bodiesBeyondTheMemoryAreNoDefectAndTheNextRequestIsServed() throws Exception {
        List<RawClient> holding = new ArrayList<>();
        List<String> refusals = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                ServerRun server = start(origin.port())) {
            int port = Integer.parseInt(server.address().replaceAll(".*:", ""));
            server.await(line -> line.contains("limits_do_not_fit held_bodies=512mb direct_memory=80mb"));
            byte[] part = part();
            for (int i = 0; i < 4; i++) {
                RawClient client = RawClient.connect(port);
                holding.add(client);
                try {
                    client.send(post(LENGTH, "{\"model\":\"m\",\"x\":\""));
                    for (int sent = 0; sent < LENGTH - 2 * part.length; sent += part.length) {
                        client.send(part);
                    }
                } catch (IOException refused) {
                    refusals.add(answer(client));
                }
            }
            assertThat(refusals).as("four bodies do not fit").isNotEmpty();
            assertThat(refusals).allMatch(answer -> answer.isEmpty() || answer.startsWith("HTTP/1.1 503 "));
            for (RawClient client : holding) {
                client.close();
            }
            String body = "{\"model\":\"m\"}";
            String answer;
            int tries = 0;
            do {
                // The last of them may still be closing.
                try (RawClient client = RawClient.connect(port)) {
                    client.send(post(body.length(), body));
                    answer = client.readMessage();
                }
            } while (answer.startsWith("HTTP/1.1 503 ") && ++tries < 10_000);
            assertThat(answer).startsWith("HTTP/1.1 200 ");
            assertThat(server.err()).noneMatch(line -> line.startsWith("\tat "));
        } finally {
            for (RawClient client : holding) {
                client.close();
            }
        }
    }

    /** What came before the connection broke; nothing when a reset was quicker. */
    private static String answer(RawClient client) {
        try {
            return client.readToEnd();
        } catch (IOException reset) {
            return "";
        }
    }

    private static byte[] part() {
        byte[] part = new byte[64 * 1024];
        Arrays.fill(part, (byte) 'a');
        return part;
    }

    private static byte[] post(int length, String start) {
        return ("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + KEY + "\r\nContent-Length: "
                        + length + "\r\n\r\n" + start)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private ServerRun start(int provider) throws IOException {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                api_keys: [%s]
                providers: [{id: p, base_url: "http://127.0.0.1:%d/v1"}]
                models: [{model: m, providers: [p]}]
                limits: {held_bodies: 512mb}
                """.formatted(KEY, provider));
        List<String> flags =
                List.of("-Xmx80m", "-XX:MaxDirectMemorySize=80m", "-Dio.netty.leakDetection.level=disabled");
        return ServerRun.start(Map.of(), "", flags, "serve", "--config", config.toString(), "--access-log", "off");
    }
}
