package io.costoptimal.gateway.server.accesslog;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Programs of the class path in processes of their own. One that has not ended after a while is killed, so that nobody waits
 * for it, or reads what it says, for ever.
 */
final class Children {

    private static final int PATIENCE_SECONDS = 120;

    private Children() {}

    /** How to run {@code main}; to be started by {@link #start}. */
    static ProcessBuilder program(Class<?> main, String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:-UsePerfData",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(args));
        return new ProcessBuilder(command);
    }

    static Process start(ProcessBuilder program) throws IOException {
        Process process = program.start();
        CompletableFuture.delayedExecutor(PATIENCE_SECONDS, TimeUnit.SECONDS).execute(process::destroyForcibly);
        return process;
    }

    /** Makes a pipe that has a name. */
    static void pipe(Path name) throws IOException, InterruptedException {
        if (start(new ProcessBuilder("mkfifo", name.toString())).waitFor() != 0) {
            throw new IOException("no pipe at " + name);
        }
    }
}
