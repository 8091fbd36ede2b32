package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log as a process writes it, with the configuration that is shipped. */
@Timeout(60)
class LoggingTest {

    @TempDir
    private Path folder;

    @Test
    void writesAccessLinesToAFileAndEventsAsOneLineEachToStandardError() throws Exception {
        Path file = folder.resolve("access.log");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = probe("FILE", file.toString(), "3")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{\"time\":")
                        .contains("\"path\":\"/${jndi:ldap://127.0.0.1:1/x}\""));
        assertThat(out).isEmptyFile();
        List<String> events = Files.readAllLines(err);
        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isEqualTo("logged dropped=false level=INFO");
        assertThat(events.get(1)).contains("WARN").contains("netty\\r\\nforged");
        assertThat(events.get(2)).contains("ERROR").contains("probe failed").contains("a\\r\\nforged b");
    }

    @Test
    void losesLinesRatherThanStallWhenNobodyReadsThem() throws Exception {
        Process process = probe("STDOUT", "-", "200000").start();
        try (BufferedReader err = process.errorReader()) {
            // Standard output is a pipe that is full after 64 KB, and stays so until this line has come.
            assertThat(err.readLine()).isEqualTo("logged dropped=true level=INFO");
            process.inputReader()
                    .lines()
                    .forEach(line -> assertThat(line).startsWith("{").endsWith("}"));
        }
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void keepsQuietWhenToldToAndMakesNoLineOnlyToDropIt() throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = probe("OFF", "-", "3")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();

        assertThat(process.waitFor()).isZero();
        assertThat(out).isEmptyFile();
        assertThat(Files.readAllLines(err)).first().isEqualTo("logged dropped=false level=OFF");
    }

    private static ProcessBuilder probe(String... args) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                LoggingProbe.class.getName());
        builder.command().addAll(List.of(args));
        return builder;
    }
}
