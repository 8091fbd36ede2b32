package io.costoptimal.gateway.server.ledger.postgres;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * A real PostgreSQL of Debian's, with its data in a folder of its own, on a free port of the loopback. It runs as an ordinary
 * user, since it refuses to run as root, and ends with whoever has started it, or after half an hour.
 */
public final class PostgresServer implements AutoCloseable {

    private static final AtomicInteger SCHEMAS = new AtomicInteger();

    private static PostgresServer shared;

    private final Path binaries;
    private final Path folder;
    private final int port;
    private Process process;

    private PostgresServer(Path binaries) throws IOException, InterruptedException {
        this.binaries = binaries;
        folder = Files.createTempDirectory("postgres");
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (isRoot()) {
            run(List.of("chown", "postgres", folder.toString()));
        }
        List<String> initialize = new ArrayList<>(unprivileged());
        initialize.addAll(List.of(binaries.resolve("initdb").toString(), "-D", data(), "-U", "gateway", "-A", "trust"));
        initialize.addAll(List.of("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"));
        run(initialize);
        start();
    }

    /** The server that all tests of this JVM share. A test that needs it is skipped where it is not installed. */
    public static synchronized PostgresServer shared() throws IOException, InterruptedException {
        if (shared == null) {
            shared = own();
            Runtime.getRuntime().addShutdownHook(new Thread(shared::close));
        }
        return shared;
    }

    /** A server of one test, which closes it and may do with it what it likes. */
    public static PostgresServer own() throws IOException, InterruptedException {
        Path binaries = binaries();
        assumeTrue(binaries != null, "PostgreSQL is not installed (Debian: postgresql)");
        return new PostgresServer(binaries);
    }

    private static Path binaries() throws IOException {
        Path versions = Path.of("/usr/lib/postgresql");
        if (!Files.isDirectory(versions)) {
            return null;
        }
        try (Stream<Path> all = Files.list(versions)) {
            return all.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private static List<String> unprivileged() {
        return isRoot()
                ? List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups")
                : List.of();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Starts it again. */
    public void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "QUIT", "1800"));
        command.addAll(unprivileged());
        command.addAll(List.of(binaries.resolve("postgres").toString(), "-D", data(), "-k", "", "-p", "" + port));
        command.addAll(List.of("-h", "127.0.0.1", "-F", "-c", "max_connections=50", "-c", "log_min_messages=log"));
        process = new ProcessBuilder(command)
                .directory(folder.toFile().getParentFile())
                .redirectErrorStream(true)
                .start();
        BufferedReader log =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        StringBuilder said = new StringBuilder();
        for (String line = log.readLine(); ; line = log.readLine()) {
            if (line == null) {
                throw new IOException("PostgreSQL did not start: " + said);
            }
            said.append(line).append('\n');
            if (line.contains("ready to accept connections")) {
                break;
            }
        }
        Thread drain = new Thread(() -> log.lines().forEach(line -> {}), "postgres-log");
        drain.setDaemon(true);
        drain.start();
    }

    /** Ends it at once, as a crash would: nobody is told, and it recovers when it starts again. */
    public void kill() throws IOException, InterruptedException {
        // What a JVM starts does not hear SIGQUIT itself; the server below it does, and ends its own processes.
        signal("-QUIT", process.children());
        // One that stands still hears it only then.
        signal("-CONT");
        process.waitFor();
    }

    /** Sends a signal to the server and all its processes, {@code -STOP} and {@code -CONT} for example. */
    public void signal(String signal) throws IOException, InterruptedException {
        Set<ProcessHandle> told = new HashSet<>();
        // Parents come first: one that was told to stand still starts no more, and what it had started is found at
        // last.
        for (List<ProcessHandle> news = news(told); !news.isEmpty(); news = news(told)) {
            signal(signal, news.stream());
            told.addAll(news);
        }
    }

    private List<ProcessHandle> news(Set<ProcessHandle> told) {
        return process.descendants().filter(each -> !told.contains(each)).toList();
    }

    /** One by one: any of them may have ended meanwhile. */
    private static void signal(String signal, Stream<ProcessHandle> processes)
            throws IOException, InterruptedException {
        for (ProcessHandle each : processes.toList()) {
            try {
                run(List.of("kill", signal, Long.toString(each.pid())));
            } catch (IOException e) {
                if (each.isAlive()) {
                    throw e;
                }
            }
        }
    }

    /** An address with a schema of its own, which holds nothing. */
    public String address() throws SQLException {
        String schema = "test" + SCHEMAS.incrementAndGet();
        try (Connection connection = connect("public")) {
            Postgres.execute(connection, "CREATE SCHEMA " + schema);
        }
        return address(schema);
    }

    private String address(String schema) {
        return "postgres://gateway@127.0.0.1:" + port + "/postgres?currentSchema=" + schema;
    }

    private Connection connect(String schema) throws SQLException {
        return Postgres.source(PostgresAddress.of(address(schema))).getConnection();
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        String said;
        try (InputStream out = run.getInputStream()) {
            said = new String(out.readAllBytes(), StandardCharsets.UTF_8);
        }
        if (run.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                kill();
            }
            process.waitFor(10, TimeUnit.SECONDS);
            run(List.of("rm", "-rf", folder.toString()));
        } catch (IOException e) {
            // It ends by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
