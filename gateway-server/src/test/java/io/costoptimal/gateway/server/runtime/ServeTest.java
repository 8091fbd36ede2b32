package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.server.simulator.Behaviour;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code serve} as an operator sees it: a real process, real signals. */
@Timeout(120)
class ServeTest {

    private static final String KEY = "canary-gateway-key";
    private static final String TOKEN = "canary-provider-token";

    /** For every request: the test's own limit does not end every wait there is. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private SimulatedProvider provider;
    private Path config;

    @BeforeEach
    void start() throws IOException {
        Behaviour behaviour = Behaviour.DEFAULTS.with("interval", "100ms").with("events", "20");
        provider = SimulatedProvider.start(
                SimulatorSettings.DEFAULTS.requiring(TOKEN).behaving(behaviour));
        config = folder.resolve("gateway.yaml");
        write(KEY, "30s");
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private void write(String key, String drain) throws IOException {
        Files.writeString(config, """
                listen: 127.0.0.1:0
                admin: {listen: 127.0.0.1:0}
                event_loops: 1
                api_keys: [{key: %s, name: team-a}]
                providers: [{id: sim, base_url: "%s/v1", access_token: %s}]
                models: [{model: m, providers: [sim]}]
                timeouts: {drain: %s}
                """.formatted(key, provider.base(), TOKEN, drain));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void letsStreamsFinishBeforeItEnds() throws Exception {
        try (ServerRun run = serve()) {
            String admin = admin(run);
            String address = run.address();
            try (BufferedReader stream = stream(address, KEY)) {
                assertThat(stream.readLine()).startsWith("data: ");
                run.signal("TERM");
                run.await(line -> line.contains("draining"));

                assertThatThrownBy(() -> get("http://" + address + "/healthz")).isInstanceOf(IOException.class);
                assertThat(get("http://" + admin + "/readyz").statusCode()).isEqualTo(503);
                assertThat(get("http://" + admin + "/metrics").body()).contains("gateway_draining 1.0");
                assertThat(stream.lines()).contains("data: [DONE]");
            }
            assertThat(run.exit()).isZero();
            assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("stopped drained=true"));
            assertThat(run.out())
                    .singleElement()
                    .asString()
                    .contains("\"outcome\":\"completed\"")
                    .contains("\"key\":\"team-a\"");
        }
    }

    @Test
    void abortsWhatOutlastsTheGrace() throws Exception {
        write(KEY, "100ms");
        try (ServerRun run = serve()) {
            try (BufferedReader stream = stream(run.address(), KEY)) {
                stream.readLine();
                run.signal("INT");

                assertThatThrownBy(() -> stream.lines().toList())
                        .as("a broken stream never looks whole")
                        .isNotNull();
            }
            assertThat(run.exit()).isZero();
            assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("stopped drained=false"));
            assertThat(run.out()).singleElement().asString().doesNotContain("\"outcome\":\"completed\"");
        }
    }

    @Test
    void stopsAtOnceOnTheSecondSignal() throws Exception {
        try (ServerRun run = serve()) {
            try (BufferedReader stream = stream(run.address(), KEY)) {
                stream.readLine();
                run.signal("TERM");
                run.await(line -> line.contains("draining"));
                run.signal("TERM");

                assertThat(run.exit()).isEqualTo(128 + 15);
                assertThatThrownBy(() -> stream.lines().toList()).isNotNull();
            }
            assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("stopped_at_once"));
        }
    }

    @Test
    void reloadsOnHangUpAndKeepsTheOldConfigurationWhenTheNewOneIsBroken() throws Exception {
        try (ServerRun run = serve()) {
            String admin = admin(run);
            String address = run.address();
            Files.writeString(config, "listen: 127.0.0.1:0\nprovders: []\napi_keys: [k]\n");
            run.signal("HUP");
            assertThat(run.await(line -> line.contains("reload_failed") && line.contains("provders")))
                    .contains("gateway.yaml:2:1");
            assertThat(chat(address, KEY)).isEqualTo(200);

            write("another-key", "30s");
            run.signal("HUP");
            run.await(line -> line.contains("INFO  reloaded"));
            assertThat(chat(address, KEY)).isEqualTo(401);
            assertThat(chat(address, "another-key")).isEqualTo(200);
            assertThat(get("http://" + admin + "/metrics").body())
                    .contains("gateway_reloads_total{result=\"ok\"} 1.0")
                    .contains("gateway_reloads_total{result=\"failed\"} 1.0")
                    .contains("gateway_event_loop_lag_seconds_count ");
        }
    }

    @Test
    void namesWhatAReloadCannotTakeOver() throws Exception {
        try (ServerRun run = serve()) {
            run.address();
            write(KEY, "31s");
            run.signal("HUP");
            assertThat(run.await(line -> line.contains("restart_needed"))).endsWith(" changed=timeouts.drain");

            write("back-to-what-it-was-started-with", "30s");
            run.signal("HUP");
            run.await(line -> run.err().stream()
                            .filter(logged -> logged.contains("INFO  reloaded"))
                            .count()
                    == 2);
            run.signal("TERM");

            assertThat(run.exit()).isZero();
            assertThat(run.err())
                    .filteredOn(line -> line.contains("restart_needed"))
                    .hasSize(1);
        }
    }

    @Test
    void logsEachExchangeWithoutAnySecret() throws Exception {
        try (ServerRun run = serve()) {
            String address = run.address();
            assertThat(chat(address, KEY)).isEqualTo(200);
            assertThat(chat(address, "wrong-" + KEY)).isEqualTo(401);
            assertThat(get("http://" + address + "/v1/models?key=" + KEY).statusCode())
                    .isEqualTo(401);
            run.signal("TERM");

            assertThat(run.exit()).isZero();
            assertThat(run.out())
                    .hasSize(3)
                    .allSatisfy(line -> assertThat(line).startsWith("{").endsWith("}"));
            assertThat(Stream.concat(run.out().stream(), run.err().stream()))
                    .noneMatch(line -> line.contains(KEY) || line.contains(TOKEN) || line.contains("LEAK"));
        }
    }

    @Test
    void writesTheAccessLogToAFile() throws Exception {
        Path file = folder.resolve("access.log");
        try (ServerRun run =
                ServerRun.start(Map.of(), "serve", "--config", config.toString(), "--access-log", file.toString())) {
            chat(run.address(), KEY);
            run.signal("TERM");

            assertThat(run.exit()).isZero();
            assertThat(run.out()).isEmpty();
            assertThat(file).content().contains("\"status\":200").endsWith("\n");
        }
    }

    @Test
    void opensTheAccessLogAnewOnHangUpForWhoeverHasRenamedIt() throws Exception {
        Path file = folder.resolve("access.log");
        Path former = folder.resolve("access.log.1");
        try (ServerRun run =
                ServerRun.start(Map.of(), "serve", "--config", config.toString(), "--access-log", file.toString())) {
            String address = run.address();
            chat(address, KEY);
            while (Files.size(file) == 0) {
                Thread.onSpinWait();
            }
            Files.move(file, former);
            run.signal("HUP");
            run.await(line -> line.contains("INFO  reloaded"));
            chat(address, "wrong");
            run.signal("TERM");

            assertThat(run.exit()).isZero();
            assertThat(Files.readAllLines(former)).singleElement().asString().contains("\"status\":200");
            assertThat(Files.readAllLines(file)).singleElement().asString().contains("\"status\":401");
        }
    }

    @Test
    void putsTheAccessLogAsideAsTheConfigurationSays() throws Exception {
        Path file = Files.createDirectory(folder.resolve("logs")).resolve("access.log");
        Files.writeString(config, Files.readString(config) + "access_log: {roll_size: 1b, compress: false}\n");
        try (ServerRun run =
                ServerRun.start(Map.of(), "serve", "--config", config.toString(), "--access-log", file.toString())) {
            String address = run.address();
            chat(address, KEY);
            while (Files.size(file) == 0) {
                Thread.onSpinWait();
            }
            chat(address, "wrong");
            run.signal("TERM");

            assertThat(run.exit()).isZero();
            assertThat(Files.readAllLines(file)).singleElement().asString().contains("\"status\":401");
            try (Stream<Path> files = Files.list(file.getParent())) {
                assertThat(files.filter(aside -> !aside.equals(file)))
                        .singleElement()
                        .satisfies(aside -> {
                            assertThat(aside.toString()).matches(".*/access\\.log\\.\\d{4}-\\d\\d-\\d\\d\\.1");
                            assertThat(aside).content().contains("\"status\":200");
                        });
            }
        }
    }

    @Test
    void servesOnForTheDelayWhileItSaysThatItIsNotReady() throws Exception {
        Files.writeString(config, Files.readString(config).replace("{drain: 30s}", "{drain: 30s, drain_delay: 2s}"));
        try (ServerRun run = serve()) {
            String address = run.address();
            run.signal("TERM");
            run.await(line -> line.contains("drain_announced delay_ms=2000"));

            assertThat(get("http://" + address + "/readyz").statusCode()).isEqualTo(503);
            assertThat(chat(address, KEY)).isEqualTo(200);
            assertThat(run.exit()).isZero();
            assertThat(run.err())
                    .anySatisfy(line -> assertThat(line).contains(" draining grace_ms="))
                    .anySatisfy(line -> assertThat(line).contains("stopped drained=true"));
        }
    }

    @Test
    void saysThatItWasStartedDeafToHangUps() throws Exception {
        try (ServerRun run = ServerRun.start(
                Map.of(), "trap '' HUP INT", List.of("-Xmx128m"), "serve", "--config", config.toString())) {
            run.address();
            assertThat(run.await(line -> line.contains("signal_ignored")))
                    .contains("WARN")
                    .contains("signal=HUP");
            run.signal("TERM");
            assertThat(run.exit()).isZero();
            assertThat(run.err())
                    .as("shells ignore it for what runs in the background")
                    .noneMatch(line -> line.contains("signal=INT"));
        }
    }

    @Test
    void saysWhichProviderIsDeadAndThatItIsWellAgain() throws Exception {
        provider.close();
        try (ServerRun run = serve()) {
            String address = run.address();
            assertThat(chat(address, KEY)).isEqualTo(502);
            assertThat(chat(address, KEY)).isEqualTo(502);
            run.await(line -> line.contains("WARN  provider_failing provider=sim cause=connect_error times=1"));
            provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring(TOKEN));
            write(KEY, "30s");
            run.signal("HUP");
            run.await(line -> line.contains("changes=\"providers: ~sim"));
            assertThat(chat(address, KEY)).isEqualTo(200);
            run.await(line -> line.contains("INFO  provider_well_again provider=sim failures=2"));
        }
    }

    @Test
    void warnsOfAProviderThatRefusesOurCredentialAndCountsIt() throws Exception {
        Files.writeString(config, Files.readString(config).replace(TOKEN, "an-old-token"));
        try (ServerRun run = serve()) {
            assertThat(chat(run.address(), KEY)).isEqualTo(502);
            run.await(line -> line.contains("WARN  provider_failing provider=sim cause=credential_refused times=1"));
            assertThat(get("http://" + admin(run) + "/metrics").body())
                    .contains(
                            "gateway_attempts_total{failure=\"credential_refused\",provider=\"sim\",status=\"4xx\"} 1.0");
            assertThat(run.err()).noneMatch(line -> line.contains("an-old-token"));
        }
    }

    @Test
    void loadsAFileThatHasChangedWithoutASignalAndSaysWhatIsDifferent() throws Exception {
        Path secret = Files.writeString(folder.resolve("key"), KEY + "\n");
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        Files.writeString(config, Files.readString(config).replace(KEY, "\"${file:key}\"") + "reload: watch\n");
        try (ServerRun run = serve()) {
            String address = run.address();
            assertThat(chat(address, KEY)).isEqualTo(200);
            Files.writeString(secret, "another-key\n");
            assertThat(run.await(line -> line.contains("INFO  reloaded"))).endsWith(" changes=\"keys: ~team-a\"");
            assertThat(chat(address, KEY)).isEqualTo(401);
            assertThat(chat(address, "another-key")).isEqualTo(200);

            Files.writeString(config, Files.readString(config) + "debug: true\nalias: [{model: n, target: m}]\n");
            run.await(line -> line.contains("changes=\"aliases: +n; settings: ~debug\""));
            assertThat(chat(address, "another-key")).isEqualTo(200);
            run.signal("TERM");
            assertThat(run.exit()).isZero();
            assertThat(run.err()).noneMatch(line -> line.contains("restart_needed") || line.contains("another-key"));
        }
    }

    @Test
    void writesTheAccessLogToAPipe() throws Exception {
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Path read = folder.resolve("read");
        // A process of its own, which can be ended: opening a pipe that nobody writes to waits for ever.
        Process reader = new ProcessBuilder("cat", pipe.toString())
                .redirectOutput(read.toFile())
                .start();
        try (ServerRun run =
                ServerRun.start(Map.of(), "serve", "--config", config.toString(), "--access-log", pipe.toString())) {
            chat(run.address(), KEY);
            run.signal("TERM");

            assertThat(run.exit()).isZero();
            assertThat(reader.waitFor(60, TimeUnit.SECONDS))
                    .as("the pipe has an end")
                    .isTrue();
            assertThat(Files.readAllLines(read)).singleElement().asString().contains("\"status\":200");
            assertThat(run.err()).noneMatch(line -> line.contains("ERROR"));
        } finally {
            reader.destroyForcibly();
        }
    }

    @Test
    void saysInOneLineThatItsPortIsTaken() throws Exception {
        try (ServerSocket taken = new ServerSocket(0)) {
            try (ServerRun run = ServerRun.start(
                    Map.of("PORT", Integer.toString(taken.getLocalPort())), "serve", "--config", config.toString())) {
                assertThat(run.exit()).isEqualTo(1);
                assertThat(run.err())
                        .singleElement()
                        .asString()
                        .contains("127.0.0.1:" + taken.getLocalPort())
                        .contains("in use");
            }
        }
    }

    @Test
    void saysEverythingThatIsWrongWithItsConfiguration() throws Exception {
        Files.writeString(config, "listen: 127.0.0.1:0\nprovders: []\ntransport: quick\n");
        try (ServerRun run = serve()) {
            assertThat(run.exit()).isEqualTo(2);
            assertThat(run.err())
                    .anySatisfy(line -> assertThat(line).contains("gateway.yaml:2:1"))
                    .anySatisfy(line -> assertThat(line).contains("gateway.yaml:3:12"));
        }
    }

    private ServerRun serve() throws IOException {
        return ServerRun.start(Map.of(), "serve", "--config", config.toString());
    }

    private static String admin(ServerRun run) throws InterruptedException {
        String line = run.await(text -> text.contains(" started "));
        return line.replaceAll(".* admin=(\\S+) .*", "$1");
    }

    private BufferedReader stream(String address, String key) throws Exception {
        HttpRequest request = request(address, key, "{\"model\":\"m\",\"messages\":[],\"stream\":true}");
        return new BufferedReader(new InputStreamReader(
                client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body(), StandardCharsets.UTF_8));
    }

    private int chat(String address, String key) throws Exception {
        HttpRequest request = request(address, key, "{\"model\":\"m\",\"messages\":[]}");
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static HttpRequest request(String address, String key, String body) {
        return HttpRequest.newBuilder(URI.create("http://" + address + "/v1/chat/completions"))
                .timeout(PATIENCE)
                .header("authorization", "Bearer " + key)
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
    }

    private HttpResponse<String> get(String uri) throws Exception {
        return client.send(
                HttpRequest.newBuilder(URI.create(uri)).timeout(PATIENCE).build(),
                HttpResponse.BodyHandlers.ofString());
    }
}
