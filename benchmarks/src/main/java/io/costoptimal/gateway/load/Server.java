package io.costoptimal.gateway.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A child process that listens on loopback, pinned to one core; stopped by the process we started, never by name. */
final class Server implements AutoCloseable {

    static final int ANY_CORE = -1;

    private final String name;
    private final int port;
    private final Process process;

    private Server(String name, int port, Process process) {
        this.name = name;
        this.port = port;
        this.process = process;
    }

    /**
     * Starts {@code command} on {@code core} and waits until {@code port} accepts.
     *
     * @param core {@link #ANY_CORE} to let the system choose
     * @param log where its output goes
     */
    static Server start(String name, int port, int core, List<String> command, Path log) throws IOException {
        List<String> pinned = new ArrayList<>();
        if (core == 0 || core > 0 && Runtime.getRuntime().availableProcessors() > 1) {
            pinned.addAll(List.of("taskset", "-c", Integer.toString(core)));
        }
        pinned.addAll(command);
        Process process = new ProcessBuilder(pinned)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        Server server = new Server(name, port, process);
        try {
            server.awaitListening(log);
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private void awaitListening(Path log) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (System.nanoTime() < deadline) {
            if (!process.isAlive()) {
                throw new IOException(name + " ended at once:\n" + Files.readString(log));
            }
            try (Socket probe = new Socket()) {
                probe.connect(new InetSocketAddress("127.0.0.1", port), 200);
                return;
            } catch (IOException notYet) {
                pause(50);
            }
        }
        throw new IOException(name + " does not listen on " + port + ":\n" + Files.readString(log));
    }

    String name() {
        return name;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** Sets how large files of this process and its children may become, in bytes or {@code unlimited}. */
    void limitFiles(String most) throws IOException, InterruptedException {
        List<Long> pids = Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .map(ProcessHandle::pid)
                .toList();
        for (long pid : pids) {
            Process limit = new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--fsize=" + most + ":unlimited")
                    .inheritIO()
                    .start();
            if (limit.waitFor() != 0) {
                throw new IOException("prlimit failed");
            }
        }
    }

    /** CPU time of this process and its children, in nanoseconds, from the scheduler's own accounting. */
    long cpuNanos() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToLong(handle -> cpuNanos(handle.pid()))
                .sum();
    }

    /**
     * CPU time of the threads whose name, as the system has it, begins with {@code name}, in nanoseconds. The system keeps
     * fifteen characters of a name at most, and newer JVMs leave out its middle.
     */
    long cpuNanos(String name) {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .flatMap(handle -> threads(handle.pid()).stream())
                .filter(thread -> named(thread, name))
                .mapToLong(Server::schedNanos)
                .sum();
    }

    private static List<Path> threads(long pid) {
        try (Stream<Path> threads = Files.list(Path.of("/proc", Long.toString(pid), "task"))) {
            return threads.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean named(Path thread, String name) {
        try {
            return Files.readString(thread.resolve("comm")).startsWith(name);
        } catch (IOException ended) {
            return false;
        }
    }

    private static long cpuNanos(long pid) {
        return threads(pid).stream().mapToLong(Server::schedNanos).sum();
    }

    private static long schedNanos(Path thread) {
        try {
            String stat = Files.readString(thread.resolve("schedstat"));
            return Long.parseLong(stat.substring(0, stat.indexOf(' ')));
        } catch (IOException ended) {
            return 0;
        }
    }

    /** Resident memory of this process and its children, in bytes. */
    long residentBytes() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants())
                .mapToLong(handle -> residentBytes(handle.pid()))
                .sum();
    }

    private static long residentBytes(long pid) {
        try (Stream<String> lines = Files.lines(Path.of("/proc", Long.toString(pid), "status"))) {
            return lines.filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroy);
        process.destroy();
        try {
            if (!process.waitFor(5, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    static void pause(long millis) {
        try {
            TimeUnit.MILLISECONDS.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
