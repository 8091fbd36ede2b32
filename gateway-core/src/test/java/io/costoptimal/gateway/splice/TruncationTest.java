package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.splice.Scene.Kind;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Trap 22 and fault 78: an answer cut at any byte never looks whole. */
class TruncationTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";

    static Stream<Arguments> answers() {
        return Stream.of(
                Arguments.of(OK + "content-length: 11\r\n\r\n", "hello world"),
                Arguments.of(OK + "transfer-encoding: chunked\r\n\r\n", "5\r\nhello\r\n06\r\n world\r\n0\r\n\r\n"),
                Arguments.of(OK + "transfer-encoding: chunked\r\n\r\n", "5\r\nhello\r\n0\r\nx: y\r\n\r\n"),
                Arguments.of(
                        OK + "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n",
                        "9\r\ndata: x\n\n\r\n9\r\ndata: y\n\n\r\n0\r\n\r\n"));
    }

    @ParameterizedTest
    @MethodSource("answers")
    void anAnswerCutAnywhereIsNoAnswer(String head, String body) {
        String answer = head + body;
        for (int cut = 0; cut < answer.length(); cut++) {
            for (boolean orderly : new boolean[] {true, false}) {
                try (Scene scene = new Scene(Kind.HTTP1)) {
                    scene.start();
                    if (cut > 0) {
                        scene.receive(answer.substring(0, cut));
                    }
                    if (orderly) {
                        scene.fin();
                    } else {
                        scene.reset();
                    }
                    check(scene, answer.substring(0, cut), head);
                }
            }
        }
    }

    private static void check(Scene scene, String sent, String head) {
        if (sent.length() < head.length()) {
            assertThat(scene.received()).isEmpty();
            assertThat(scene.log).containsExactly("lease a", "502", Outcome.UPSTREAM_FAILED.toString());
            return;
        }
        assertThat(scene.exchange().outcome()).isEqualTo(Outcome.TRUNCATED);
        assertThat(scene.received()).startsWith(sent);
        String added = scene.received().substring(sent.length());
        assertThat(added).doesNotContain("\r\n0\r\n");
        if (!added.isEmpty()) {
            assertThat(sent).endsWith("\n\r\n");
            assertThat(added).contains("\r\ndata: {\"error\":").endsWith("}\n\n\r\n");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 1000})
    void anAnswerInPiecesIsTheSameAnswer(int size) {
        String answer =
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\n world\r\n0\r\nx: y\r\n\r\n";
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start();
            for (int at = 0; at < answer.length(); at += size) {
                scene.receive(answer.substring(at, Math.min(answer.length(), at + size)));
            }
            assertThat(scene.received()).isEqualTo(answer);
            assertThat(scene.log).containsExactly("lease a", "reused", "COMPLETED");
        }
    }
}
