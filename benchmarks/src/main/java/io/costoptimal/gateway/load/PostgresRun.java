package io.costoptimal.gateway.load;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL of Debian's on a free port of the loopback, with its data in a folder of its own. As root it is run by the user
 * {@code postgres}. It ends with whoever has started it, or after half an hour. Confined to one thread.
 */
final class PostgresRun implements AutoCloseable {

    private static final int MOST_STARTS = 200;

    private final Path binaries;
    private final Path folder = Files.createTempDirectory("gateway-load-postgres");
    private final int port = Stack.freePort();
    private final Thread onExit = new Thread(this::stop);
    private Process process;

    private PostgresRun(Path binaries) throws IOException, InterruptedException {
        this.binaries = binaries;
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        if (!user().isEmpty()) {
            run(List.of("chown", "postgres", folder.toString()));
        }
        List<String> initialize = new ArrayList<>(user());
        initialize.addAll(List.of(binaries.resolve("initdb").toString(), "-D", data(), "-U", "gateway", "-A", "trust"));
        initialize.addAll(List.of("-E", "UTF8", "--locale=C.UTF-8"));
        run(initialize);
        Runtime.getRuntime().addShutdownHook(onExit);
        start();
    }

    /** {@code null} where it is not installed. */
    static PostgresRun start(Path versions) throws IOException, InterruptedException {
        if (!Files.isDirectory(versions)) {
            return null;
        }
        Path binaries;
        try (Stream<Path> all = Files.list(versions)) {
            binaries = all.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.naturalOrder())
                    .orElse(null);
        }
        return binaries == null ? null : new PostgresRun(binaries);
    }

    private static List<String> user() {
        return "root".equals(System.getProperty("user.name"))
                ? List.of("setpriv", "--reuid", "postgres", "--regid", "postgres", "--clear-groups")
                : List.of();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    /** Starts it, again after {@link #kill}, and returns when it listens. */
    void start() throws IOException {
        List<String> command = new ArrayList<>(List.of("timeout", "-s", "QUIT", "1800"));
        command.addAll(user());
        command.addAll(List.of(binaries.resolve("postgres").toString(), "-D", data(), "-k", "", "-p", "" + port));
        command.addAll(List.of("-h", "127.0.0.1"));
        process = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        for (int i = 0; i < MOST_STARTS && process.isAlive(); i++) {
            try {
                new Socket(InetAddress.getLoopbackAddress(), port).close();
                return;
            } catch (IOException notYet) {
                Server.pause(50);
            }
        }
        throw new IOException("PostgreSQL did not start");
    }

    /** Where the ledger is, as the gateway's configuration has it. */
    String address() {
        return "postgres://gateway@127.0.0.1:" + port + "/postgres";
    }

    /** Sends a signal to the server and all its processes. */
    void signal(String signal) throws IOException, InterruptedException {
        for (ProcessHandle each : process.descendants().toList()) {
            try {
                run(List.of("kill", signal, Long.toString(each.pid())));
            } catch (IOException e) {
                // It may have ended meanwhile.
                if (each.isAlive()) {
                    throw e;
                }
            }
        }
    }

    /** Ends it and all its processes at once; nobody is told, and it recovers when it starts again. */
    void kill() throws IOException, InterruptedException {
        signal("-KILL");
        process.waitFor();
        Files.deleteIfExists(folder.resolve("data").resolve("postmaster.pid"));
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        Process run = new ProcessBuilder(command)
                .directory(Path.of("/").toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(run.getInputStream().readAllBytes());
        if (run.waitFor() != 0) {
            throw new IOException(command + ": " + said);
        }
    }

    private void stop() {
        try {
            if (process.isAlive()) {
                kill();
            }
            run(List.of("rm", "-rf", folder.toString()));
        } catch (IOException e) {
            // It ends by itself.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        stop();
    }
}
