package io.costoptimal.gateway.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.runtime.ServerRun;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code demo}: what it prints is pasted into a shell and must work. */
@Timeout(120)
class DemoCommandTest {

    private static final Pattern DASHBOARD = Pattern.compile("(http://\\S+)/dashboard/  admin key (\\S+)$");

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

    /** The path that the documentation leads a new user. */
    @Test
    void showsWhatItsTrafficHasSaved() throws Exception {
        try (ServerRun demo = ServerRun.start(Map.of(), "demo", "--port", "0", "--admin-port", "0", "--traffic")) {
            Matcher dashboard = DASHBOARD.matcher(demo.await(line -> line.startsWith("dashboard ")));
            assertThat(dashboard.find()).isTrue();
            demo.await(line -> line.contains("\"model\":\"demo-failover\""));

            String summary;
            do {
                // The ledger is some milliseconds behind the log.
                summary = get(dashboard.group(1) + "/usage/summary", dashboard.group(2));
            } while (number(summary, "failovers") == 0);

            assertThat(number(summary, "saved_first_choice_nano_usd")).isPositive();
            assertThat(number(summary, "proven")).isPositive();
            assertThat(number(summary, "unpriced_attempts")).isZero();
            assertThat(get(dashboard.group(1) + "/dashboard/", dashboard.group(2)))
                    .contains("<title>");
            demo.signal("INT");
            assertThat(demo.exit()).isZero();
        }
    }

    private static String get(String url, String key) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url))
                .header("Authorization", "Bearer " + key)
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }

    /** The member {@code name} of a summary; 0 while there is none. */
    private static long number(String json, String name) {
        Matcher member = Pattern.compile('"' + name + "\":(-?\\d+)").matcher(json);
        return member.find() ? Long.parseLong(member.group(1)) : 0;
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
