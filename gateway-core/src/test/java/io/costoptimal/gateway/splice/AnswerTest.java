package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.splice.Scene.Kind;
import io.costoptimal.gateway.splice.Scene.Request;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The client gets the same head and body, and the same is accounted for, wherever the provider's answer is cut. */
class AnswerTest {

    private static final String DROPPED = "Connection: keep-alive, x-hop\r\nKeep-Alive: timeout=5\r\n";
    private static final String JSON = "{\"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 2}}";
    private static final String CHUNKS = "10\r\n" + JSON.substring(0, 16) + "\r\n"
            + Integer.toHexString(JSON.length() - 16) + "\r\n" + JSON.substring(16) + "\r\n0\r\n\r\n";
    private static final String LONG = JSON + " ".repeat(9000);

    /** Request; head and body as they come; head as it leaves. */
    static Stream<Arguments> answers() {
        Request plain = Request.PLAIN;
        return Stream.of(
                Arguments.of(
                        plain,
                        "200 OK\r\na: 1\r\n" + DROPPED + length(JSON),
                        JSON,
                        "200 OK\r\na: 1\r\n" + length(JSON)),
                Arguments.of(plain, "200 OK\r\n" + length(JSON), JSON, "200 OK\r\n" + length(JSON)),
                Arguments.of(plain, "200\r\n" + length(JSON), JSON, "200 \r\n" + length(JSON)),
                Arguments.of(plain, "200 OK\r\n" + DROPPED + length(LONG), LONG, "200 OK\r\n" + length(LONG)),
                Arguments.of(plain, "200\r\n" + length(LONG), LONG, "200 \r\n" + length(LONG)),
                Arguments.of(plain, "200 OK\r\nx-hop: 1\r\n" + length("") + DROPPED, "", "200 OK\r\n" + length("")),
                Arguments.of(plain, "204 No\r\n" + DROPPED, "", "204 No\r\n"),
                Arguments.of(
                        plain,
                        "200 OK\r\nTransfer-Encoding: Chunked\r\na: 1\r\n" + DROPPED,
                        CHUNKS,
                        "200 OK\r\na: 1\r\ntransfer-encoding: chunked\r\n"),
                Arguments.of(
                        plain,
                        "200 OK\r\na: 1\r\nTransfer-Encoding:chunked\r\n",
                        CHUNKS,
                        "200 OK\r\na: 1\r\ntransfer-encoding: chunked\r\n"),
                Arguments.of(
                        plain.close(),
                        "200 OK\r\n" + DROPPED + length(JSON) + "a: 1\r\n",
                        JSON,
                        "200 OK\r\n" + length(JSON) + "a: 1\r\nconnection: close\r\n"),
                Arguments.of(
                        plain.http10(true),
                        "200 OK\r\n" + DROPPED + length(JSON),
                        JSON,
                        "200 OK\r\n" + length(JSON) + "connection: keep-alive\r\n"));
    }

    private static String length(String body) {
        return "content-length: " + body.length() + "\r\n";
    }

    @ParameterizedTest
    @MethodSource("answers")
    void passesHeadAndBodyWhereverTheyAreCut(Request request, String head, String body, String expected) {
        String answer = "HTTP/1.1 " + head + "\r\n" + body;
        int step = body.length() > 1000 ? 97 : 1;
        for (int cut = step; cut <= answer.length(); cut += step) {
            check(request, answer, cut, "", "HTTP/1.1 " + expected + "\r\n", body);
        }
        check(request, answer, answer.length(), "surplus", "HTTP/1.1 " + expected + "\r\n", body);
    }

    private static void check(Request request, String answer, int cut, String surplus, String head, String body) {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start(request).receive(answer.substring(0, cut) + surplus);
            if (cut < answer.length()) {
                scene.receive(answer.substring(cut));
            }
            assertThat(scene.received()).as("cut at " + cut).isEqualTo(head + body);
            assertThat(scene.log).containsExactly("lease a", surplus.isEmpty() ? "reused" : "closed", "COMPLETED");
            assertThat(scene.exchange().responseBytes()).isEqualTo(body.length());
            Usage usage = scene.exchange().usage();
            assertThat(usage == null).as("no usage").isEqualTo(body.isEmpty());
        }
    }
}
