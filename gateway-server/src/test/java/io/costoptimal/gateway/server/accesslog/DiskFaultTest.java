package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Disks that are slow, full or gone while exchanges end: each exchange is one whole line in one file, or it is counted as
 * lost. {@code -Dgateway.disk.exchanges=1000000} makes it a million in each test.
 */
class DiskFaultTest {

    private static final int EXCHANGES = Integer.getInteger("gateway.disk.exchanges", 300_000);

    private static final Pattern LINE =
            Pattern.compile("\\{\"time\":.*\"path\":\"/([ab])\".*\"bytes_in\":(\\d+),.*\"outcome\":\"rejected\"\\}");
    private static final Pattern LOST = Pattern.compile("(SLOW|UNWRITABLE) (\\d+)");

    @TempDir
    private Path folder;

    /** Whose line was found, by feeding thread and number. */
    private final Map<String, BitSet> found = new TreeMap<>(Map.of("a", new BitSet(), "b", new BitSet()));

    private final Map<String, Long> lost = new TreeMap<>();
    private long written;

    @BeforeEach
    void makeFolders() throws IOException {
        Files.createDirectory(folder.resolve("log"));
        Files.createDirectory(folder.resolve("archive"));
    }

    @Test
    void aPipeThatIsReadLateTakesWhatTheLanesHaveHeld() throws Exception {
        Path pipe = folder.resolve("log/access.log");
        Children.pipe(pipe);
        Process process = probe("", "slow");
        try (BufferedReader said = process.inputReader()) {
            // Nobody reads a line before most are lost.
            assertThat(said.readLine()).isEqualTo("fed");
            count(pipe);
            said.lines().forEach(this::hear);
        }

        assertThat(process.waitFor()).isZero();
        assertAllAccountedFor();
        assertThat(lost.get("SLOW")).isPositive();
        assertThat(lost.get("UNWRITABLE")).isZero();
    }

    /** The system lets no file of the process grow beyond 512 KB, so that a write stops within a line, as on a full disk. */
    @Test
    void aFileThatMayNotGrowHoldsWholeLines() throws Exception {
        List<String> said = run("ulimit -f 1024;", "limited");

        assertAllAccountedFor();
        assertThat(lost.get("UNWRITABLE")).isPositive();
        assertThat(said.get(0)).contains("write_failed").contains("File too large");
        assertToldInTurns(said);
    }

    @Test
    void aFullDiskIsWrittenAgainOnceThereIsRoom() throws Exception {
        // A small disk of our own, where the system lets us have one.
        assumeTrue(Children.start(new ProcessBuilder("unshare", "-rm", "true")).waitFor() == 0, "no mount namespaces");
        Path disk = folder.resolve("log");
        List<String> said =
                run("exec unshare -rm sh -c 'mount -t tmpfs -o size=16m tmpfs " + disk + " && exec \"$@\"' sh", "full");

        assertAllAccountedFor();
        assertThat(lost.get("UNWRITABLE")).isPositive();
        assertThat(said)
                .contains("filled: No space left on device")
                .anyMatch(line -> line.matches("write_failed .* cause=\"No space left on device\""));
        assertToldInTurns(said);
    }

    @Test
    void aFolderThatIsMovedAndDeletedCostsOnlyWhatIsWrittenWhileItIsGone() throws Exception {
        List<String> said = run("", "vanished");

        assertAllAccountedFor();
        assertThat(lost.get("UNWRITABLE")).isPositive();
        assertThat(said.get(0)).contains("write_failed").contains("NoSuchFileException");
        assertToldInTurns(said);
    }

    private void assertAllAccountedFor() {
        assertThat(lost).containsOnlyKeys("SLOW", "UNWRITABLE");
        assertThat(written).isPositive();
        assertThat(found.get("a").cardinality() + found.get("b").cardinality())
                .as("no line is there twice")
                .isEqualTo((int) written);
        assertThat(written + lost.get("SLOW") + lost.get("UNWRITABLE")).isEqualTo(EXCHANGES);
    }

    /** Trouble is told once, and once when it is over. */
    private static void assertToldInTurns(List<String> said) {
        List<String> notices = said.stream()
                .filter(line -> line.startsWith("writ"))
                .map(line -> line.replaceAll(" .*", ""))
                .toList();
        assertThat(notices).hasSizeGreaterThan(1);
        for (int i = 0; i < notices.size(); i++) {
            assertThat(notices.get(i)).isEqualTo(i % 2 == 0 ? "write_failed" : "written_again");
        }
    }

    private List<String> run(String limits, String scenario) throws Exception {
        Process process = probe(limits, scenario);
        List<String> said = process.inputReader().lines().toList();
        said.forEach(this::hear);
        assertThat(process.waitFor()).as(said::toString).isZero();
        try (Stream<Path> files = Files.walk(folder.resolve("archive"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                // What was being compressed when the disk was full is there in whole beside it.
                if (!file.toString().endsWith(".tmp") && !file.toString().endsWith(".else")) {
                    count(file);
                }
            }
        }
        return said;
    }

    private void hear(String said) {
        Matcher told = LOST.matcher(said);
        if (told.matches()) {
            lost.put(told.group(1), Long.parseLong(told.group(2)));
        }
    }

    private void count(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz") ? new GZIPInputStream(in) : in, StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Matcher parts = LINE.matcher(line);
                assertThat(parts.matches()).as(line).isTrue();
                found.get(parts.group(1)).set(Integer.parseInt(parts.group(2)));
                written++;
            }
        }
    }

    /** @param limits what the shell does before, or around, the program */
    private Process probe(String limits, String scenario) throws IOException {
        ProcessBuilder program =
                Children.program(DiskProbe.class, scenario, folder.toString(), Integer.toString(EXCHANGES));
        String shell = limits.startsWith("exec") ? limits : limits + " exec";
        program.command().addAll(0, List.of("sh", "-c", shell + " \"$@\"", "sh"));
        return Children.start(program.redirectError(ProcessBuilder.Redirect.INHERIT));
    }
}
