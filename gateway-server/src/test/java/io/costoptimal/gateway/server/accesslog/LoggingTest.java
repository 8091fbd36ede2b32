package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log as a process writes it, with the configuration that is shipped. */
@Timeout(180)
class LoggingTest {

    @TempDir
    private Path folder;

    @Test
    void writesAccessLinesToAFileAndEventsAsOneLineEachToStandardError() throws Exception {
        Path file = folder.resolve("access.log");
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = Children.start(
                probe("FILE", file.toString(), "3").redirectOutput(out.toFile()).redirectError(err.toFile()));

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(file))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line)
                        .startsWith("{\"time\":")
                        .contains("\"path\":\"/${jndi:ldap://127.0.0.1:1/x}\""));
        assertThat(Files.readAllLines(out)).hasSize(4).allMatch(line -> line.matches("lost \\w+ \\w+ 0"));
        List<String> events = Files.readAllLines(err);
        assertThat(events).hasSize(3);
        assertThat(events.get(0)).isEqualTo("logged dropped=false on=true");
        assertThat(events.get(1)).contains("WARN").contains("netty\\r\\nforged");
        assertThat(events.get(2)).contains("ERROR").contains("probe failed").contains("a\\r\\nforged b");
    }

    @Test
    void losesLinesRatherThanStallWhenNobodyReadsThem() throws Exception {
        Process process = Children.start(probe("STDOUT", "-", "200000"));
        try (BufferedReader err = process.errorReader()) {
            // Standard output is a pipe that is full after 64 KB, and stays so until this line has come.
            assertThat(err.readLine()).isEqualTo("logged dropped=true on=true");
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
        Process process = Children.start(
                probe("OFF", "-", "3").redirectOutput(out.toFile()).redirectError(err.toFile()));

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(out)).allMatch(line -> line.startsWith("lost "));
        assertThat(Files.readAllLines(err)).first().isEqualTo("logged dropped=false on=false");
    }

    @Test
    void anAccessLogThatNobodyReadsSilencesNothingElse() throws Exception {
        Process process = Children.start(probe("STDOUT", "-", "30000"));
        try (BufferedReader err = process.errorReader()) {
            assertThat(err.readLine()).startsWith("logged dropped=true");
            assertThat(err.readLine()).contains("WARN").contains("netty");
            assertThat(err.readLine()).contains("ERROR").contains("probe failed");
            assertThat(err.readLine()).contains("WARN").contains("journal_cut_off exchanges=");
            assertThat(err.readLine()).matches("lost ACCESS SLOW [1-9]\\d*");
        }
        // Nobody has read a line of the other.
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void aPipeThatNobodyOpensStopsNothing() throws Exception {
        Path pipe = folder.resolve("pipe");
        Children.pipe(pipe);
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = Children.start(probe("FILE", pipe.toString(), "30000")
                .redirectOutput(out.toFile())
                .redirectError(err.toFile()));

        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<String> said = Files.readAllLines(err);
        assertThat(said).hasSize(4);
        assertThat(said.get(2)).contains("probe failed");
        // What had found no room, and what was still to be written when the process ended, is all there was.
        assertThat(number(said.get(3), "journal_cut_off exchanges=(\\d+)")
                        + number(Files.readString(out), "lost ACCESS SLOW (\\d+)"))
                .isEqualTo(30_000);
    }

    private static long number(String text, String pattern) {
        Matcher found = Pattern.compile(pattern).matcher(text);
        assertThat(found.find()).as(text).isTrue();
        return Long.parseLong(found.group(1));
    }

    @Test
    void aFullDiskLosesLinesThatAreCountedAndPrintsNoStackTraces() throws Exception {
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        Process process = Children.start(
                probe("FILE", "/dev/full", "3000").redirectOutput(out.toFile()).redirectError(err.toFile()));

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(out))
                .containsExactly(
                        "lost ACCESS SLOW 0",
                        "lost ACCESS UNWRITABLE 3000",
                        "lost APPLICATION SLOW 0",
                        "lost APPLICATION UNWRITABLE 0");
        assertThat(Files.readAllLines(err))
                .hasSize(4)
                .filteredOn(line -> line.contains("access_log_"))
                .singleElement()
                .asString()
                .contains("WARN  access_log_write_failed output=\"/dev/full\" cause=\"No space left on device\"");
    }

    @Test
    void anApplicationLogThatCannotBeWrittenIsCountedToo() throws Exception {
        Path out = folder.resolve("out");
        Process process = Children.start(probe("OFF", "-", "0")
                .redirectOutput(out.toFile())
                .redirectError(Path.of("/dev/full").toFile()));

        assertThat(process.waitFor()).isZero();
        assertThat(Files.readAllLines(out)).contains("lost APPLICATION UNWRITABLE 2", "lost ACCESS UNWRITABLE 0");
    }

    @Test
    void bothLogsTellTheTimeInUtcWhereverTheMachineIs() throws Exception {
        Path file = folder.resolve("access.log");
        Path err = folder.resolve("err");
        ProcessBuilder builder = probe("FILE", file.toString(), "1").redirectError(err.toFile());
        builder.environment().put("TZ", "Asia/Kathmandu");
        Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS);
        assertThat(Children.start(builder).waitFor()).isZero();

        String access = Files.readAllLines(file).get(0).replaceAll("\\{\"time\":\"([^\"]+)\".*", "$1");
        String event = Files.readAllLines(err).get(1).replaceAll(" .*", "");
        for (String time : List.of(access, event)) {
            assertThat(time).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
            assertThat(Instant.parse(time)).isBetween(before, Instant.now());
        }
    }

    private static ProcessBuilder probe(String... args) {
        return Children.program(LoggingProbe.class, args);
    }
}
