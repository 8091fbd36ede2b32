package io.costoptimal.gateway.server.clients;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Programs that are run to their end. */
final class Commands {

    private static final long PATIENCE_SECONDS = 60;

    private Commands() {}

    /** What a program wrote to standard output; it has ended well. */
    static String run(List<String> command, String input) throws IOException, InterruptedException {
        Path errors = Files.createTempFile("command", ".txt");
        Process process =
                new ProcessBuilder(command).redirectError(errors.toFile()).start();
        try {
            Thread writer = new Thread(() -> {
                try (var in = process.getOutputStream()) {
                    in.write(input.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                    // It ended without reading all, which its exit code tells.
                }
            });
            writer.start();
            byte[] output = process.getInputStream().readAllBytes();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(command + ": " + Files.readString(errors));
            }
            return new String(output, StandardCharsets.UTF_8);
        } finally {
            process.destroyForcibly();
            Files.delete(errors);
        }
    }

    /** Why {@code command} cannot be run, in words; {@code null} when it can. */
    static String missing(String what, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor() == 0 ? null : what + " is not installed";
        } catch (IOException e) {
            return what + " is not installed";
        }
    }
}
