package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCredentialTest {

    @TempDir
    private Path folder;

    private final Deque<Runnable> reads = new ArrayDeque<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Path file;
    private FileCredential credential;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("token"), "first\n");
        credential = FileCredential.of(file, () -> now, reads::add);
    }

    private void readAfter(int seconds) {
        now = now.plusSeconds(seconds);
        credential.now();
        reads.remove().run();
    }

    @Test
    void isReadAgainAfterFiveSecondsByAnotherThread() throws IOException {
        Files.writeString(file, "second\r\n");
        now = now.plusSeconds(4);
        assertThat(credential.now()).isEqualTo("first");
        assertThat(reads).isEmpty();

        now = now.plusSeconds(1);
        assertThat(credential.now()).as("no event loop reads it").isEqualTo("first");
        assertThat(credential.now()).isEqualTo("first");
        assertThat(reads).hasSize(1);
        reads.remove().run();
        assertThat(credential.now()).isEqualTo("second").isSameAs(credential.now());
    }

    @Test
    void keepsTheSameTextWhileTheFileStaysAsItIs() {
        String before = credential.now();
        readAfter(5);
        assertThat(credential.now()).isSameAs(before);
    }

    @Test
    void keepsTheLastOneWhenTheFileIsGoneOrHoldsNothingThatCanBeSent() throws IOException {
        Files.delete(file);
        readAfter(5);
        assertThat(credential.now()).isEqualTo("first");
        for (String content : new String[] {"", "\n", "two\nlines", "\u0007"}) {
            Files.writeString(file, content);
            readAfter(60);
            assertThat(credential.now()).isEqualTo("first");
        }
        Files.writeString(file, "back");
        readAfter(60);
        assertThat(credential.now()).isEqualTo("back");
    }

    @Test
    void isReadAgainWithTheNextRequestWhenItIsRefused() throws IOException {
        now = now.plusSeconds(1);
        Files.writeString(file, "second");
        credential.refused("first");
        assertThat(credential.now()).isEqualTo("first");
        reads.remove().run();
        assertThat(credential.now()).isEqualTo("second");
    }

    @Test
    void isEqualToAnotherOfTheSameFileAndNeverPrintsWhatItHolds() {
        assertThat(credential).isEqualTo(FileCredential.of(file)).hasSameHashCodeAs(FileCredential.of(file));
        assertThat(credential).isNotEqualTo(new Object());
        assertThat(credential.toString()).contains("token").doesNotContain("first");
    }

    @Test
    void saysWhatWasExpectedOfAFileThatCannotBeUsed() throws IOException {
        assertThatThrownBy(() -> FileCredential.of(folder.resolve("nowhere"))).hasMessage("a file that can be read");
        assertThatThrownBy(() -> FileCredential.of(folder)).hasMessage("a file that can be read");
        Files.write(file, new byte[] {'s', (byte) 0xff});
        assertThatThrownBy(() -> FileCredential.of(file)).hasMessage("a file in UTF-8");
        Files.write(file, new byte[64 * 1024 + 1]);
        assertThatThrownBy(() -> FileCredential.of(file)).hasMessage("a file of at most 64 KB");
        Files.writeString(file, "");
        assertThatThrownBy(() -> FileCredential.of(file)).hasMessage("at least one character");
    }
}
