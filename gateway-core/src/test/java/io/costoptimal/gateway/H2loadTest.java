package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** nghttp2's own client against the gateway: not a figure, but every answer. Skipped where {@code h2load} is not installed. */
class H2loadTest {

    @TempDir
    Path folder;

    @Test
    void aHundredConnectionsOfAHundredStreamsGetAllTheirAnswers() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1)) {
            String report = h2load(
                    "-c", "100", "-m", "100", "-n", "20000", "http://127.0.0.1:" + gateway.port() + "/v1/models");

            assertThat(report).contains("20000 succeeded, 0 failed, 0 errored, 0 timeout");
            assertThat(report).contains("20000 2xx, 0 3xx, 0 4xx, 0 5xx");
        }
    }

    @Test
    void relayedAnswersOfEverySizeAreWhole() throws Exception {
        Path body = Files.writeString(folder.resolve("body"), "{\"model\":\"gpt-4o\"}");
        for (int size : new int[] {1, 1_000, 100_000}) {
            String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + size + "\r\n\r\n" + "a".repeat(size);
            try (ScriptedOrigin origin = Http2RequestsTest.answering(answer);
                    TestGateway gateway = Http2RequestsTest.http2(origin.port())) {
                String report = h2load(
                        "-c",
                        "4",
                        "-m",
                        "20",
                        "-n",
                        "400",
                        "-d",
                        body.toString(),
                        "-H",
                        "content-type: application/json",
                        "http://127.0.0.1:" + gateway.port() + "/v1/chat/completions");

                assertThat(report).contains("400 succeeded, 0 failed, 0 errored, 0 timeout");
                assertThat(report).contains("(" + 400L * size + ") data");
            }
        }
    }

    private String h2load(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("h2load", "-H", "authorization: Bearer " + TestGateway.KEY));
        command.addAll(List.of(arguments));
        Path report = folder.resolve("report");
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(report.toFile())
                    .start();
        } catch (IOException missing) {
            assumeTrue(false, "h2load is not installed (Debian: nghttp2-client)");
            throw missing;
        }
        try {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).as("h2load ends").isTrue();
        } finally {
            process.destroyForcibly();
        }
        return Files.readString(report, StandardCharsets.UTF_8);
    }
}
