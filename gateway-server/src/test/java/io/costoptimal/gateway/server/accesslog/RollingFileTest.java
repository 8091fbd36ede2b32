package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.logging.log4j.status.StatusLogger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** When a log's file is put aside, what it is called then, and what is kept. */
@Timeout(60)
class RollingFileTest {

    /** In a time zone of any machine it is the day that is said here. */
    private static final long NOON = Instant.parse("2026-11-27T12:00:00Z").toEpochMilli();

    @TempDir
    private Path folder;

    private final List<String> trouble = new ArrayList<>();
    private final LogTrouble listener = new LogTrouble(trouble::add);
    private Path file;
    private LineOutput output;
    private RollingFile rolling;
    private int lines;

    @BeforeEach
    void listen() {
        file = folder.resolve("access.log");
        StatusLogger.getLogger().registerListener(listener);
    }

    @AfterEach
    void close() {
        StatusLogger.getLogger().removeListener(listener);
        if (rolling != null) {
            rolling.close();
        }
    }

    /** Two gateways in one process have a journal each, and one access log. */
    @Test
    void twoThreadsMayWrite() throws Exception {
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 1_000, false));
        LineWriter writer = new LineWriter(LogChannel.ACCESS, output, rolling, trouble::add);
        List<Thread> threads = new ArrayList<>();
        for (char name : new char[] {'a', 'b'}) {
            threads.add(new Thread(() -> {
                for (int i = 0; i < 300; i++) {
                    String text = name + " " + i + " " + "x".repeat(i % 40) + "\n";
                    writer.lines(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 1);
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        stop();

        assertThat(trouble).isEmpty();
        assertThat(linesOfAll()).hasSize(600).doesNotHaveDuplicates().allMatch(line -> line.matches("[ab] \\d+ x*"));
    }

    @Test
    void nothingIsPutAsideWhileAnotherProcessWritesTheFileToo() throws Exception {
        roll(new LogRolling(1, LogRolling.Every.NEVER, 100, false));
        LineWriter writer = new LineWriter(LogChannel.ACCESS, output, rolling, trouble::add);
        writer.holdRolling(1);
        writer.holdRolling(1);
        for (int i = 0; i < 3; i++) {
            writer.lines(ByteBuffer.wrap(new byte[] {'a', '\n'}), 1);
        }
        writer.holdRolling(-1);
        writer.lines(ByteBuffer.wrap(new byte[] {'b', '\n'}), 1);
        assertThat(names()).containsExactly("access.log");

        writer.holdRolling(-1);
        writer.lines(ByteBuffer.wrap(new byte[] {'c', '\n'}), 1);
        stop();
        assertThat(names()).hasSize(2);
        assertThat(linesOfAll()).containsExactlyInAnyOrder("a", "a", "a", "b", "c");
    }

    @Test
    void putsAFileAsideThatHasReachedItsSizeAndSplitsNoLine() throws Exception {
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 100, false));
        for (int i = 0; i < 50; i++) {
            write(NOON);
        }
        stop();

        assertThat(names())
                .hasSizeGreaterThan(10)
                .allMatch(name -> name.matches("access\\.log(\\.[0-9-]{10}\\.\\d+)?"));
        assertThat(linesOfAll()).hasSize(lines).doesNotHaveDuplicates().allMatch(line -> line.matches("line \\d+ x+"));
        assertThat(Files.size(file)).isPositive().isLessThan(1_600);
        assertThat(trouble).isEmpty();
    }

    @Test
    void compressesWhatIsPutAside() throws Exception {
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 100, true));
        for (int i = 0; i < 50; i++) {
            write(NOON);
        }
        stop();

        assertThat(names())
                .hasSizeGreaterThan(10)
                .allMatch(name -> name.matches("access\\.log(\\.[0-9-]{10}\\.\\d+\\.gz)?"));
        assertThat(linesOfAll()).hasSize(lines).doesNotHaveDuplicates();
        assertThat(trouble).isEmpty();
    }

    @Test
    void goesOnWritingWhileTheFileBeforeIsCompressedForLong() throws Exception {
        // Whoever compresses into this pipe waits for somebody to read it.
        Path pipe = folder.resolve("access.log.gz.tmp");
        Children.pipe(pipe);
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 100, true));
        for (int i = 0; i < 50; i++) {
            writeAtOnce(NOON);
        }
        assertThat(names()).hasSize(3);
        assertThat(Files.size(file)).isGreaterThan(10_000);
        try (InputStream compressed = new GZIPInputStream(new FileInputStream(pipe.toFile()))) {
            assertThat(new String(compressed.readAllBytes(), StandardCharsets.US_ASCII).lines())
                    .hasSize(lines - Files.readAllLines(file).size());
        }
        stop();
    }

    @Test
    void keepsNoMoreFilesThanItIsToldAndDeletesNothingElse() throws Exception {
        List<String> others = List.of("access.log.1", "access.log.old", "access.log.2026-11-27", "error.log");
        for (String other : others) {
            Files.writeString(folder.resolve(other), "not ours");
        }
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 3, true));
        for (int i = 0; i < 50; i++) {
            write(NOON);
        }
        stop();

        assertThat(names()).containsAll(others).hasSize(1 + 3 + others.size());
        assertThat(Files.readAllLines(file)).contains("line " + (lines - 1) + " " + "x".repeat(100));
        assertThat(trouble).isEmpty();
    }

    @Test
    void beginsANewFileWithTheFirstLineOfADayInUtc() throws Exception {
        Files.createFile(file);
        roll(new LogRolling(0, LogRolling.Every.DAY, 100, false));
        long midnight = Instant.parse("2099-01-02T00:00:00Z").toEpochMilli();
        write(midnight - 1_000);
        write(midnight - 1);
        write(midnight);
        write(midnight + 1);
        stop();

        assertThat(names()).contains("access.log", "access.log.2099-01-01.1");
        assertThat(Files.readAllLines(folder.resolve("access.log.2099-01-01.1")))
                .hasSize(2 * 4);
        assertThat(Files.readAllLines(file)).hasSize(2 * 4);
    }

    @Test
    void numbersWhatIsPutAsideForItsSizeWithinADay() throws Exception {
        roll(new LogRolling(1_000, LogRolling.Every.HOUR, 100, false));
        long hour = Instant.parse("2099-01-02T03:00:00Z").toEpochMilli();
        for (int i = 0; i < 8; i++) {
            write(hour + i);
        }
        write(hour + 3_600_000);
        stop();

        assertThat(names())
                .contains("access.log.2099-01-02-03.1", "access.log.2099-01-02-03.2", "access.log.2099-01-02-03.3");
        assertThat(linesOfAll()).hasSize(lines).doesNotHaveDuplicates();
    }

    @Test
    void putsAsideFirstWhatAnEarlierProcessHasWrittenYesterday() throws Exception {
        Files.writeString(file, "of yesterday\n");
        Files.setLastModifiedTime(file, FileTime.from(Instant.parse("2020-02-03T04:05:06Z")));
        roll(new LogRolling(0, LogRolling.Every.DAY, 100, false));
        write(System.currentTimeMillis() + 86_400_000);
        stop();

        assertThat(names()).hasSize(2);
        assertThat(Files.readAllLines(file)).hasSize(4).doesNotContain("of yesterday");
    }

    @Test
    void goesOnWritingAFileThatCannotBePutAsideAndTriesAgainWhenAsMuchHasCome() throws Exception {
        // With a date behind it the name is too long for any file system.
        file = folder.resolve("x".repeat(250));
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 100, false));
        for (int i = 0; i < 30; i++) {
            write(NOON);
        }
        stop();

        assertThat(Files.readAllLines(file)).hasSize(lines).doesNotHaveDuplicates();
        assertThat(trouble).as("not at every write").hasSizeBetween(5, 20);
        assertThat(trouble.get(0)).as(trouble::toString).contains("name too long");
    }

    @Test
    void takesANameWithCharactersOfPatterns() throws Exception {
        file = Files.createDirectory(folder.resolve("a%d{yyyy}%i ${env:HOME}")).resolve("b%i.log");
        folder = file.getParent();
        roll(new LogRolling(1_000, LogRolling.Every.NEVER, 2, true));
        for (int i = 0; i < 50; i++) {
            write(NOON);
        }
        stop();

        assertThat(names()).hasSize(3).allMatch(name -> name.matches("b%i\\.log(\\.[0-9-]{10}\\.\\d+\\.gz)?"));
        assertThat(trouble).isEmpty();
    }

    private void roll(LogRolling when) {
        output = LineOutput.file(file);
        rolling = new RollingFile(file, when, output);
    }

    /** Four lines at once, once the file before is compressed. */
    private void write(long millis) throws IOException {
        while (rolling.isTidying()) {
            Thread.onSpinWait();
        }
        writeAtOnce(millis);
    }

    private void writeAtOnce(long millis) throws IOException {
        StringBuilder batch = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            batch.append("line ")
                    .append(lines++)
                    .append(' ')
                    .append("x".repeat(100))
                    .append('\n');
        }
        rolling.rollIfDue(millis);
        output.write(ByteBuffer.wrap(batch.toString().getBytes(StandardCharsets.US_ASCII)));
    }

    /** Waits for what is being compressed. */
    private void stop() {
        rolling.stop(10, TimeUnit.SECONDS);
        rolling = null;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(path -> path.getFileName().toString()).toList();
        }
    }

    private List<String> linesOfAll() throws IOException {
        List<String> all = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path one : files.toList()) {
                try (InputStream in = Files.newInputStream(one);
                        BufferedReader text = new BufferedReader(new InputStreamReader(
                                one.toString().endsWith(".gz") ? new GZIPInputStream(in) : in,
                                StandardCharsets.US_ASCII))) {
                    text.lines().forEach(all::add);
                }
            }
        }
        return all;
    }
}
