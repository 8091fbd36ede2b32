package io.costoptimal.gateway.tokens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.knuddels.jtokkit.api.Encoding;
import io.costoptimal.gateway.StandardOperations;
import io.netty.buffer.Unpooled;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much text the tokenizer is given, and in which pieces: it cannot be interrupted within one. */
class TallyTest {

    private static final int LENGTH = 33 * 1024 * 1024;

    /** Lengths of the texts given to the tokenizer. */
    private final List<Integer> pieces = new ArrayList<>();

    private boolean cancelled;
    private int cancelledAfter = Integer.MAX_VALUE;

    /** Says that each text is one token. */
    private final Encoding encoding = (Encoding) Proxy.newProxyInstance(
            Encoding.class.getClassLoader(), new Class<?>[] {Encoding.class}, (self, method, arguments) -> {
                assertThat(method.getName()).isEqualTo("countTokensOrdinary");
                pieces.add(((String) arguments[0]).length());
                cancelled = pieces.size() >= cancelledAfter;
                return 1;
            });

    @ParameterizedTest
    @ValueSource(strings = {" ", "a", "!", "\u4e2d", "\ud83d\ude80"})
    void aWallOfOneCharacterIsGivenToTheTokenizerOnceAndItsEnd(String character) {
        walk(character.repeat(LENGTH / 4), () -> false);

        // The role, a piece of the wall, and what is left of it.
        assertThat(pieces).hasSizeBetween(2, 3);
        assertThat(pieces).allMatch(length -> length <= SafeCut.LONGEST);
    }

    @Test
    void noPieceIsLongerThanTheLongestWhateverTheText() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; text.length() < LENGTH / 4; i++) {
            text.append(" ".repeat(i % 30_000)).append("\\t");
        }
        walk(text.toString(), () -> false);

        assertThat(pieces).allMatch(length -> length <= SafeCut.LONGEST);
        assertThat(pieces).hasSizeGreaterThan(LENGTH / 4 / SafeCut.LONGEST);
    }

    @Test
    void nothingIsGivenToTheTokenizerOnceNobodyWaits() {
        cancelledAfter = 7;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1_000; i++) {
            text.append(" ".repeat(20_000 + i)).append("\\t");
        }

        assertThatThrownBy(() -> walk(text.toString(), () -> cancelled)).isInstanceOf(CancellationException.class);

        assertThat(pieces).hasSize(7);
    }

    private void walk(String content, BooleanSupplier cancel) {
        String body = "{\"messages\":[{\"role\":\"user\",\"content\":\"" + content + "\"}]}";
        TokenCounter.walk(
                StandardOperations.CHAT_COMPLETIONS,
                Unpooled.wrappedBuffer(body.getBytes(StandardCharsets.UTF_8)),
                new Tally(encoding, Long.MAX_VALUE, cancel));
    }
}
