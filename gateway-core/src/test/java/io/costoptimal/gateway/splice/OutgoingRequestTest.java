package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.splice.Scene.Request;
import java.util.List;
import java.util.regex.Matcher;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a provider receives; trap 30. */
class OutgoingRequestTest {

    private static final String BODY = "{ \"n\":[1,2] , \"model\" :\t\"gpt-x\"  ,\"x\":\"gpt-x\"}";

    private static Request request(String... models) {
        return new Request(
                "POST",
                true,
                true,
                StandardOperations.CHAT_COMPLETIONS,
                IntStream.range(0, models.length)
                        .mapToObj(i -> Scene.candidate("p" + i, models[i].isEmpty() ? null : models[i]))
                        .toList());
    }

    private static String body(CharSequence request) {
        String text = request.toString();
        String body = text.substring(text.indexOf("\r\n\r\n") + 4);
        assertThat(text).contains("\r\nContent-Length: " + body.length() + "\r\n");
        return body;
    }

    @Test
    void sendsTheBodyAsItCameHoweverItWasCut() {
        for (int cut = 0; cut <= BODY.length(); cut++) {
            try (Scene scene = new Scene(Scene.Kind.CHUNKS)) {
                scene.start(request(""), RetryOn.ALL, List.of(BODY.substring(0, cut), BODY.substring(cut)));
                assertThat(body(scene.sent.get(0))).isEqualTo(BODY);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    a              | "a"
                    gpt-4.1-mini   | "gpt-4.1-mini"
                    org/m:latest   | "org/m:latest"
                    a"b\\c         | "a\\"b\\\\c"
                    """)
    void replacesTheModelAloneHoweverTheBodyWasCut(String model, String json) {
        for (int cut = 0; cut <= BODY.length(); cut++) {
            try (Scene scene = new Scene(Scene.Kind.CHUNKS)) {
                scene.start(request(model), RetryOn.ALL, List.of(BODY.substring(0, cut), BODY.substring(cut)));
                assertThat(body(scene.sent.get(0))).isEqualTo(BODY.replaceFirst("\"gpt-x\"", quoteReplacement(json)));
            }
        }
    }

    @Test
    void sendsEveryCandidateTheWholeBodyUnderItsOwnName() {
        try (Scene scene = new Scene(Scene.Kind.CHUNKS)) {
            scene.reused().start(request("one", "", "three"), RetryOn.ALL, List.of(BODY));
            scene.fin()
                    .fin()
                    .receive("HTTP/1.1 500 E\r\ncontent-length: 0\r\n\r\n")
                    .fin();
            assertThat(scene.log).startsWith("lease p0", "lease p0 fresh", "lease p1", "reused", "lease p2");
            assertThat(scene.sent)
                    .extracting(OutgoingRequestTest::body)
                    .containsExactly(
                            BODY.replaceFirst("gpt-x", "one"),
                            BODY.replaceFirst("gpt-x", "one"),
                            BODY,
                            BODY.replaceFirst("gpt-x", "three"));
        }
    }

    @Test
    void insertsTheModelIntoABodyWithoutOneHoweverItWasCut() {
        String without = " { \"x\":[] }";
        for (int cut = 0; cut <= without.length(); cut++) {
            try (Scene scene = new Scene(Scene.Kind.CHUNKS)) {
                scene.start(request("one"), RetryOn.ALL, List.of(without.substring(0, cut), without.substring(cut)));
                assertThat(body(scene.sent.get(0))).isEqualTo(" {\"model\":\"one\", \"x\":[] }");
            }
        }
        try (Scene scene = new Scene(Scene.Kind.CHUNKS)) {
            scene.start(request("a\"b"), RetryOn.ALL, List.of("{}"));
            assertThat(body(scene.sent.get(0))).isEqualTo("{\"model\":\"a\\\"b\"}");
        }
    }

    private static String quoteReplacement(String text) {
        return Matcher.quoteReplacement(text);
    }
}
