package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A log's file while others rename, delete and fill it: a line stands in a file once, whole, or it is counted as lost. */
class LineWriterTest {

    @TempDir
    private Path folder;

    private final List<String> notices = new ArrayList<>();
    private Path file;
    private LineWriter writer;
    private long lostBefore;

    @BeforeEach
    void open() throws IOException {
        file = Files.createDirectory(folder.resolve("log")).resolve("access.log");
        writer = writer(file);
        lostBefore = LogChannel.ACCESS.lost(LogChannel.Loss.UNWRITABLE);
    }

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void writesABatchAtOnceAndAppendsToWhatIsThere() throws Exception {
        Files.writeString(file, "before\n");
        write("a", "b");
        assertThat(file).hasContent("before\na\nb\n");
        write("c");
        assertThat(file).hasContent("before\na\nb\nc\n");
        assertThat(lost()).isZero();
    }

    @Test
    void endsALineThatAnEarlierProcessHasLeftHalfWritten() throws Exception {
        Files.writeString(file, "whole\nhal");
        write("a");
        assertThat(file).hasContent("whole\nhal\na\n");
    }

    @Test
    void goesOnInARenamedFileUntilItIsToldToOpenTheNameAnew() throws Exception {
        Path renamed = file.resolveSibling("access.log.1");
        write("a");
        Files.move(file, renamed);
        write("b");
        Files.createFile(file);
        write("c");
        assertThat(renamed).hasContent("a\nb\nc\n");
        writer.reopen();
        write("d");
        assertThat(renamed).hasContent("a\nb\nc\n");
        assertThat(file).hasContent("d\n");
        assertThat(notices).isEmpty();
    }

    @Test
    void opensTheNameAnewWhenItIsToldToAlthoughNoLineComes() throws Exception {
        Path renamed = file.resolveSibling("access.log.1");
        write("a");
        Files.move(file, renamed);
        writer.idle();
        assertThat(file).doesNotExist();
        writer.reopen();
        writer.idle();
        assertThat(file).isEmptyFile();
        write("b");
        assertThat(renamed).hasContent("a\n");
        assertThat(file).hasContent("b\n");
        assertThat(notices).isEmpty();
    }

    @Test
    void saysSoWhenTheNameCannotBeOpenedAnewAlthoughNoLineComes() throws Exception {
        write("a");
        Files.delete(file);
        Files.delete(file.getParent());
        writer.reopen();
        writer.idle();
        assertThat(notices)
                .containsExactly("write_failed output=\"" + file + "\" cause=\"NoSuchFileException: " + file + "\"");
        assertThat(lost()).isZero();
    }

    @Test
    void writesIntoANewFileWhenTheOpenOneIsDeletedAndLosesNothing() throws Exception {
        write("a");
        Files.delete(file);
        write("b");
        assertThat(file).hasContent("b\n");
        Files.delete(file);
        Files.createFile(file);
        write("c");
        assertThat(file).hasContent("c\n");
        assertThat(lost()).isZero();
        assertThat(notices).isEmpty();
    }

    @Test
    void writesIntoANewFileWhenARenamedOneIsDeleted() throws Exception {
        Path renamed = file.resolveSibling("access.log.1");
        write("a");
        Files.move(file, renamed);
        write("b");
        Files.delete(renamed);
        write("c");
        assertThat(file).hasContent("c\n");
        assertThat(lost()).isZero();
    }

    @Test
    void countsWhatIsLostWhileTheFolderIsGoneAndGoesOnWhenItIsBack() throws Exception {
        write("a");
        Files.delete(file);
        Files.delete(file.getParent());
        write("b", "c");
        write("d");
        assertThat(file.getParent()).doesNotExist();
        Files.createDirectory(file.getParent());
        write("e");
        assertThat(file).hasContent("e\n");
        assertThat(lost()).isEqualTo(3);
        assertThat(notices)
                .containsExactly(
                        "write_failed output=\"" + file + "\" cause=\"NoSuchFileException: " + file + "\"",
                        "written_again output=\"" + file + "\" lost=3");
    }

    @Test
    void countsWhatIsLostWhileTheFileMayNotBeOpenedAndGoesOnWhenItMay() throws Exception {
        // Not by file modes, which mean nothing to root.
        Files.createDirectory(file);
        write("a");
        Files.delete(file);
        write("b");
        assertThat(file).hasContent("b\n");
        assertThat(lost()).isEqualTo(1);
        assertThat(notices)
                .containsExactly(
                        "write_failed output=\"" + file + "\" cause=\"FileSystemException: " + file
                                + ": Is a directory\"",
                        "written_again output=\"" + file + "\" lost=1");
    }

    @Test
    void saysOnceThatAFullDeviceTakesNothing() {
        file = Path.of("/dev/full");
        writer = writer(file);
        write("a", "b");
        write("c");
        writer.reopen();
        write("d");
        assertThat(lost()).isEqualTo(4);
        assertThat(notices).containsExactly("write_failed output=\"/dev/full\" cause=\"No space left on device\"");
    }

    private LineWriter writer(Path path) {
        return new LineWriter(LogChannel.ACCESS, LineOutput.file(path), null, notices::add);
    }

    private void write(String... lines) {
        writer.lines(
                ByteBuffer.wrap((String.join("\n", lines) + "\n").getBytes(StandardCharsets.US_ASCII)), lines.length);
    }

    private long lost() {
        return LogChannel.ACCESS.lost(LogChannel.Loss.UNWRITABLE) - lostBefore;
    }
}
