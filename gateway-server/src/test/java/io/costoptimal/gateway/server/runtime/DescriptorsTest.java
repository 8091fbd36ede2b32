package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that has no file descriptor left answers at once, says so once, and goes on when some are free again. */
@Timeout(120)
class DescriptorsTest {

    private static final String KEY = "sk-descriptors";
    private static final String OK = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nok";
    private static final String POST = post("m");

    private static String post(String model) {
        String body = "{\"model\":\"" + model + "\"}";
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + KEY + "\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    @TempDir
    private Path folder;

    @Test
    void answers502AtOnceSaysOneLineAndServesOnceDescriptorsAreFree() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                ServerRun server = start(origin.port())) {
            int port = Integer.parseInt(server.address().replaceAll(".*:", ""));
            RawClient first = RawClient.connect(port);
            clients.add(first);
            // Classes come from files here, which take descriptors too; so every class there is need of is loaded
            // first.
            first.send(post("nobody"));
            assertThat(first.readMessage()).startsWith("HTTP/1.1 502 ");
            first.send(POST);
            assertThat(first.readMessage()).startsWith("HTTP/1.1 200 ");
            // More than there are descriptors; the kernel completes the handshakes of those that nobody accepts.
            for (int i = 0; i < 260; i++) {
                clients.add(RawClient.connect(port));
            }
            server.await(line -> line.contains("accept_paused"));

            first.send(POST);
            assertThat(first.readMessage()).startsWith("HTTP/1.1 502 ");
            first.send(POST);
            assertThat(first.readMessage()).startsWith("HTTP/1.1 502 ");

            for (RawClient client : clients.subList(1, clients.size())) {
                client.close();
            }
            server.await(line -> line.contains("accept_resumed"));
            first.send(POST);
            assertThat(first.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(server.err().stream().filter(line -> line.contains("accept_paused")))
                    .hasSize(1);
            assertThat(server.err()).noneMatch(line -> line.startsWith("\tat "));
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    private ServerRun start(int provider) throws Exception {
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                api_keys: [%s]
                providers: [{id: p, base_url: "http://127.0.0.1:%d/v1"}, {id: none, base_url: "http://127.0.0.1:1/v1"}]
                models: [{model: m, providers: [p]}, {model: nobody, providers: [none]}]
                """.formatted(KEY, provider));
        return ServerRun.start(Map.of(), "ulimit -n 256", List.of("-Xmx128m"), "serve", "--config", config.toString());
    }
}
