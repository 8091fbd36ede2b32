package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code demo}: what it prints is pasted into a shell and must work. */
@Timeout(120)
class DemoCommandTest {

    @Test
    void printsRequestsThatWork() throws Exception {
        Assumptions.assumeTrue(run("command -v curl") != null, "curl is not installed");
        try (ServerRun demo = ServerRun.start(Map.of(), "demo", "--port", "0", "--admin-port", "0")) {
            demo.address();
            List<String> lines =
                    demo.out().stream().filter(line -> line.startsWith("curl ")).toList();

            assertThat(lines).hasSize(2);
            assertThat(run(lines.get(0))).startsWith("{\"id\":\"chatcmpl-").contains("\"usage\":{");
            assertThat(run(lines.get(1))).startsWith("data: {").endsWith("data: [DONE]\n\n");
            demo.signal("INT");
            assertThat(demo.exit()).isZero();
        }
    }

    /** The output of a shell command; {@code null} when it fails. */
    private static String run(String command) throws Exception {
        Process process = new ProcessBuilder("sh", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return process.waitFor() == 0 ? out : null;
    }
}
