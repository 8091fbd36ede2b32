package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.server.Main;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** The program in a process of its own, as an operator runs it. One thread; closing kills it. */
public final class ServerRun implements AutoCloseable {

    private static final String LISTENING = "listening on ";
    private static final long PATIENCE_SECONDS = 60;

    private final Process process;
    private final List<String> out = new CopyOnWriteArrayList<>();
    private final List<String> err = new CopyOnWriteArrayList<>();
    private final List<String> lines = new ArrayList<>();
    private final Thread outReader;
    private final Thread errReader;

    private ServerRun(Process process) {
        this.process = process;
        outReader = collect(process.inputReader(), out);
        errReader = collect(process.errorReader(), err);
    }

    /** Runs the program with {@code arguments} and {@code environment} beside this process's own. */
    public static ServerRun start(Map<String, String> environment, String... arguments) throws IOException {
        return start(environment, "", List.of("-Xmx256m"), arguments);
    }

    /**
     * Runs the program with limits of the test's own.
     *
     * @param shell what a shell does before it becomes the program, such as {@code ulimit -n 256}; may be empty
     * @param flags of its JVM
     */
    public static ServerRun start(
            Map<String, String> environment, String shell, List<String> flags, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (!shell.isEmpty()) {
            command.addAll(List.of("sh", "-c", shell + "; exec \"$@\"", "sh"));
        }
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // What this JVM lets Netty do, which newer ones warn of; the jar's manifest has most of it.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(flag -> flag.startsWith("--") || flag.startsWith("-Dio.netty."))
                .forEach(command::add);
        command.addAll(flags);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        return new ServerRun(builder.start());
    }

    private Thread collect(BufferedReader reader, List<String> stream) {
        Thread thread = new Thread(
                () -> reader.lines().forEach(line -> {
                    stream.add(line);
                    synchronized (lines) {
                        lines.add(line);
                        lines.notifyAll();
                    }
                }),
                "server-output");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** Waits until it listens and returns {@code host:port}. */
    public String address() throws InterruptedException {
        String line = await(text -> text.startsWith(LISTENING));
        return line.substring(LISTENING.length());
    }

    /** Waits for a line, on either stream, unless it has come already. */
    public String await(Predicate<String> wanted) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (lines) {
            for (int seen = 0; ; ) {
                for (; seen < lines.size(); seen++) {
                    if (wanted.test(lines.get(seen))) {
                        return lines.get(seen);
                    }
                }
                long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
                if (left <= 0) {
                    throw new AssertionError("no such line; out: " + out + "; err: " + err);
                }
                lines.wait(left);
            }
        }
    }

    /** Sends a signal by its name without {@code SIG}. */
    public void signal(String name) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + name + " exited with " + status);
        }
    }

    /** Waits for the end and returns the exit code; all output has been read then. */
    public int exit() throws InterruptedException {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running; err: " + err);
        }
        for (Thread reader : List.of(outReader, errReader)) {
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            if (reader.isAlive()) {
                throw new AssertionError("ended, but somebody keeps its output open; err: " + err);
            }
        }
        return process.exitValue();
    }

    /** The process id. */
    public long pid() {
        return process.pid();
    }

    /** Lines of standard output so far. */
    public List<String> out() {
        return out;
    }

    /** Lines of standard error so far. */
    public List<String> err() {
        return err;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
