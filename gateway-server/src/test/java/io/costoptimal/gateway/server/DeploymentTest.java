package io.costoptimal.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.server.ledger.TestRows;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteFiles;
import io.costoptimal.gateway.server.ledger.sqlite.SqliteStore;
import io.costoptimal.gateway.server.runtime.ServerRun;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the files for containers and systemd promise, and the README's list of paths. */
@Timeout(120)
class DeploymentTest {

    private static final Path ROOT = root();

    @TempDir
    private Path folder;

    @Test
    void theImageRunsAsNobodyInExecFormAndCanBeAskedForItsHealth() throws IOException {
        List<String> lines = Files.readAllLines(ROOT.resolve("Dockerfile"));

        assertThat(lines)
                .contains("USER 65532:65532", "STOPSIGNAL SIGTERM", "ENTRYPOINT [\"/opt/gateway/gateway\"]")
                .anyMatch(line -> line.startsWith("HEALTHCHECK ") && line.endsWith("\"health\"]"))
                .noneMatch(line -> line.matches("FROM .*(:latest|/[^:]+)( AS .*)?"));
        assertThat(lines.stream().filter(line -> line.startsWith("FROM "))).hasSize(2);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nativeLibrariesOnTheLibraryPathNeedNoPlaceToWrite() throws Exception {
        unpackNativeLibraries();
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                api_keys: [k]
                providers: [{id: p, base_url: "http://127.0.0.1:1/v1", access_token: t}]
                models: [{model: m, providers: [p]}]
                """);
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));

        // Nobody can make a file below /proc/sys, not even root: as in a container that may write nowhere.
        List<String> flags =
                List.of("-Xmx128m", "-Djava.library.path=" + folder, "-Dio.netty.native.workdir=/proc/sys");
        try (ServerRun run = ServerRun.start(Map.of(), "", flags, "serve", "--config", config.toString())) {
            assertThat(run.await(line -> line.contains(" started "))).contains("transport=EPOLL");
        }
    }

    /** The same of a ledger: its rows are read with nothing unpacked. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void theLedgersNativeLibraryOnTheLibraryPathNeedsNoPlaceToWrite() throws Exception {
        unpackNativeLibraries();
        Path database = folder.resolve("usage.db");
        try (SqliteStore store = new SqliteStore(SqliteFiles.of(database.toString()), Clock.systemUTC())) {
            store.write(List.of(new TestRows().at(TestRows.at("2026-11-01T00:00:00Z"))), List.of());
        }
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                save_usage: true
                storage_uri: file:%s
                api_keys: ["sha256:%s"]
                providers: [{id: p, base_url: "http://127.0.0.1:1/v1"}]
                """.formatted(database, "0".repeat(64)));

        List<String> flags = List.of("-Xmx128m", "-Djava.library.path=" + folder, "-Dorg.sqlite.tmpdir=/proc/sys");
        try (ServerRun run =
                ServerRun.start(Map.of(), "", flags, "usage", "export", "--format", "jsonl", config.toString())) {
            assertThat(run.exit()).isZero();
            assertThat(run.out()).singleElement().asString().startsWith("{\"started_at\":\"2026-11-01");
        }
    }

    private void unpackNativeLibraries() throws IOException {
        String sqlite =
                "org/sqlite/native/Linux/" + System.getProperty("os.arch").replace("amd64", "x86_64") + "/";
        for (String file : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!file.matches(".*(netty-.*linux|sqlite-jdbc).*\\.jar")) {
                continue;
            }
            try (JarFile jar = new JarFile(file)) {
                for (Enumeration<JarEntry> all = jar.entries(); all.hasMoreElements(); ) {
                    JarEntry entry = all.nextElement();
                    boolean ours = entry.getName().startsWith("META-INF/native/")
                            || entry.getName().startsWith(sqlite);
                    if (ours && entry.getName().endsWith(".so")) {
                        try (InputStream in = jar.getInputStream(entry)) {
                            Files.copy(
                                    in, folder.resolve(Path.of(entry.getName()).getFileName()));
                        }
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"gateway.service, gateway.service", "gateway@.service, gateway@a.service"})
    void systemdTakesTheUnit(String file, String name) throws Exception {
        Path unit = folder.resolve(name);
        // The program must exist where the unit says, which on this machine is elsewhere.
        Files.writeString(
                unit,
                Files.readString(ROOT.resolve("contrib").resolve(file))
                        .replace("ExecStart=/opt/gateway/gateway", "ExecStart=" + ROOT.resolve("bin/gateway")));
        Process verify;
        try {
            verify = new ProcessBuilder("systemd-analyze", "verify", "--man=no", unit.toString())
                    .redirectErrorStream(true)
                    .start();
        } catch (IOException e) {
            Assumptions.abort("systemd-analyze is not installed");
            return;
        }
        String said = new String(verify.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(said).as("what systemd-analyze complains of").isEmpty();
        assertThat(verify.waitFor()).isZero();
    }

    @Test
    void theReadmeListsThePathsThatAreServedButForThoseOfObjects() throws IOException {
        Set<String> served = Stream.concat(StandardOperations.ALL.rows().stream(), Stream.of(Operations.PREFLIGHT))
                .filter(row -> !row.proxied() || row.model() != ModelPlace.NONE)
                .map(Operation::toString)
                .collect(Collectors.toCollection(TreeSet::new));

        Set<String> listed = Pattern.compile("(?m)^\\| `([A-Z]+ [^`]+)` \\|")
                .matcher(Files.readString(ROOT.resolve("README.md")))
                .results()
                .map(row -> row.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed).isEqualTo(served);
    }

    @Test
    void thePageOfPathsTellsOfEveryPathThatIsServedWhereItGoes() throws IOException {
        Set<String> listed = Files.readString(ROOT.resolve("docs/paths.md"))
                .lines()
                .filter(line -> line.startsWith("| `"))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> served = Stream.concat(StandardOperations.ALL.rows().stream(), Stream.of(Operations.PREFLIGHT))
                .map(DeploymentTest::listing)
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(listed).isEqualTo(served);
    }

    private static String listing(Operation row) {
        String body = switch (row.body().policy()) {
            case HELD_JSON -> "JSON";
            case MULTIPART -> "form";
            case STREAMED -> "any";
            case NONE -> "none";
        };
        boolean shared = row.family() == ApiFamily.ANTHROPIC && row.proxied() && row.model() == ModelPlace.NONE;
        return "| `" + row + "`" + (shared ? " of Anthropic" : "") + " | " + body + " | " + goes(row) + " |";
    }

    private static String goes(Operation row) {
        if (!row.proxied()) {
            return "answered by the gateway";
        }
        if (row.model() != ModelPlace.NONE) {
            return "by model";
        }
        if (row.objects().kind() == Kind.CREDENTIAL) {
            return "`routes` only";
        }
        return switch (row.objects().role()) {
            case NONE, CREATES -> "`routes`, else `default_provider`";
            case READS, DELETES -> "where the object is";
            case LISTS -> "`routes` with `share_objects`";
        };
    }

    @Test
    void theImageIsMadeOfFilesThatAreNotLeftOut() throws IOException {
        String ignored = Files.readString(ROOT.resolve(".dockerignore"));

        assertThat(Stream.of("bin/gateway", "pom.xml", "gateway-server/pom.xml", "gateway-core/pom.xml"))
                .allSatisfy(file -> {
                    assertThat(ROOT.resolve(file)).exists();
                    assertThat(ignored.lines()).doesNotContain(file.replaceFirst("/.*", ""));
                });
    }

    /** The folder of the whole project, from wherever the tests run. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
