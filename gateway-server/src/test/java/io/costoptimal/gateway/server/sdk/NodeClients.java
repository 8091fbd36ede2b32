package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Runs the scripts in {@code src/test/node} with the official clients; what needs them is skipped with a word where there are none. */
final class NodeClients {

    private static final Path FOLDER = Path.of("src", "test", "node");

    private NodeClients() {}

    /** Runs {@code script} to its end and returns the lines it wrote; its exit code is 0. */
    static List<String> run(String script, String... arguments) throws IOException, InterruptedException {
        return run(Map.of(), script, arguments);
    }

    /** The same with an {@code environment} beside this process's own. */
    static List<String> run(Map<String, String> environment, String script, String... arguments)
            throws IOException, InterruptedException {
        assumeTrue(canRun("node", "--version"), "node is not installed");
        assumeTrue(Files.isDirectory(FOLDER.resolve("node_modules")), "npm ci was not run in " + FOLDER);
        List<String> command = new ArrayList<>(List.of("node", script));
        command.addAll(List.of(arguments));
        Path errors = Files.createTempFile("node", ".txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(FOLDER.toFile()).redirectError(errors.toFile());
        builder.environment().putAll(environment);
        Process node = builder.start();
        List<String> lines = node.inputReader().lines().toList();
        assertThat(node.waitFor()).as("%s%n%s", lines, Files.readString(errors)).isZero();
        Files.delete(errors);
        return lines;
    }

    private static boolean canRun(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
