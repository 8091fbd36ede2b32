package io.costoptimal.gateway.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AnswerEndTest {

    private static final String ANSWER =
            "HTTP/1.1 200 OK\r\nDate: today\r\ncontent-Length: 12\r\nx: y\r\n\r\nab\r\n\r\nef\r\n\r\n";

    private final AnswerEnd end = new AnswerEnd();

    @Test
    void findsTheEndWhereverReadsCut() throws IOException {
        for (int cut = 1; cut < ANSWER.length(); cut++) {
            assertThat(end.read(bytes(ANSWER.substring(0, cut))))
                    .as("cut at %d", cut)
                    .isFalse();
            assertThat(end.read(bytes(ANSWER.substring(cut))))
                    .as("cut at %d", cut)
                    .isTrue();
        }
    }

    @Test
    void findsTheEndOfAnAnswerWithoutBody() throws IOException {
        assertThat(end.read(bytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")))
                .isTrue();
        assertThat(end.read(bytes(ANSWER))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                ANSWER + "H"
            })
    void refusesWhatWouldMakeTheFigureWrong(String answer) {
        assertThatThrownBy(() -> end.read(bytes(answer))).isInstanceOf(IOException.class);
    }

    private static ByteBuf bytes(String text) {
        return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
    }
}
