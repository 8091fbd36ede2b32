package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.splice.Scene.Kind;
import io.costoptimal.gateway.splice.Scene.Request;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that refuses to be asked for usage is asked without, and not bothered again. */
class AskingForUsageTest {

    private static final String QUESTION = "\"stream_options\":{\"include_usage\":true}";
    private static final RetryOn NOTHING = RetryOn.parse(List.of());
    private static final Request ASKING = Request.PLAIN.asking();
    private static final Says REFUSAL =
            Says.whole(400, "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\"}}");
    private static final Says GOOD = Says.whole(200, "data: x");

    private final Scene scene = new Scene(Kind.HTTP1);

    @AfterEach
    void close() {
        scene.close();
    }

    private String sent(int attempt) {
        return scene.sent.get(attempt).toString();
    }

    @Test
    void asksInTheBodyAndForAnAnswerThatIsNotPacked() {
        scene.start(ASKING).says(GOOD);

        String body = "{" + QUESTION + "," + Scene.BODY.substring(1);
        assertThat(sent(0))
                .endsWith("\r\n\r\n" + body)
                .contains("accept-encoding: identity\r\n")
                .contains("Content-Length: " + body.length() + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"error\":{\"message\":\"Unrecognized request argument supplied: stream_options\"}}",
                "{\"detail\":[{\"loc\":[\"body\",\"stream_options\",\"include_usage\"]}]}",
                "include_usage: unknown"
            })
    void asksOnceMoreWithoutWhateverThePolicySays(String refusal) {
        for (int status : new int[] {400, 422}) {
            scene.start(ASKING, NOTHING).says(Says.whole(status, refusal)).says(GOOD);

            assertThat(scene.received()).isEqualTo(GOOD.bytes());
            assertThat(scene.log).containsExactly("lease a", "reused", "lease a", "reused", "COMPLETED");
            assertThat(sent(0)).contains(QUESTION);
            assertThat(sent(1)).endsWith("\r\n\r\n" + Scene.BODY).doesNotContain("accept-encoding");
            assertThat(scene.exchange().attempts()).isEqualTo(2);
            assertThat(scene.exchange().failures().get(0).status()).isEqualTo(status);
            scene.forget().pass(Duration.ofHours(1));
            scene.sent.clear();
        }
    }

    @Test
    void doesNotAskAModelAgainForAnHourThatAnsweredWithoutTheQuestion() {
        scene.start(ASKING).says(REFUSAL).says(GOOD);
        scene.start(ASKING).says(GOOD);
        scene.pass(Duration.ofMinutes(59)).start(ASKING).says(GOOD);
        scene.pass(Duration.ofMinutes(1)).start(ASKING).says(GOOD);

        assertThat(scene.sent).hasSize(5);
        assertThat(sent(2)).doesNotContain(QUESTION);
        assertThat(sent(3)).doesNotContain(QUESTION);
        assertThat(sent(4)).contains(QUESTION);
    }

    /** Its request may be wrong in another way that names the member. */
    @Test
    void asksAgainWhereTheRequestWasRefusedWithoutTheQuestionToo() {
        scene.start(ASKING, NOTHING).says(REFUSAL).says(REFUSAL);
        assertThat(scene.received()).isEqualTo(REFUSAL.bytes());

        scene.forget().start(ASKING).says(GOOD);
        assertThat(sent(2)).contains(QUESTION);
    }

    @Test
    void relaysARefusalThatIsAboutSomethingElse() {
        Says other = Says.whole(400, "{\"error\":{\"message\":\"no such tool\"}}");
        scene.start(ASKING, NOTHING).says(other);

        assertThat(scene.received()).isEqualTo(other.bytes());
        assertThat(scene.exchange().attempts()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(ints = {404, 413, 500})
    void relaysEveryOtherStatus(int status) {
        Says other = Says.whole(status, "stream_options");
        scene.start(ASKING, NOTHING).says(other);

        assertThat(scene.received()).isEqualTo(other.bytes());
        assertThat(scene.exchange().attempts()).isEqualTo(1);
    }

    @Test
    void looksAtNoRefusalOfARequestThatDidNotAsk() {
        scene.start(Request.PLAIN, NOTHING).says(REFUSAL);

        assertThat(scene.received()).isEqualTo(REFUSAL.bytes());
        assertThat(scene.exchange().attempts()).isEqualTo(1);
    }

    @Test
    void asksTheNextCandidateAllTheSame() {
        scene.start(Request.PLAIN.candidates("a", "b").asking())
                .says(REFUSAL)
                .says(Says.whole(503, "busy"))
                .says(GOOD);

        assertThat(scene.log)
                .containsExactly("lease a", "reused", "lease a", "reused", "lease b", "reused", "COMPLETED");
        assertThat(sent(1)).doesNotContain(QUESTION);
        assertThat(sent(2)).contains(QUESTION);
        assertThat(scene.exchange().attempts()).isEqualTo(3);
    }

    @Test
    void staysWithoutTheQuestionOnAFreshConnection() {
        scene.reused().start(ASKING).says(REFUSAL).fin().says(GOOD);

        assertThat(scene.log).containsExactly("lease a", "reused", "lease a", "lease a fresh", "reused", "COMPLETED");
        assertThat(sent(1)).doesNotContain(QUESTION);
        assertThat(sent(2)).doesNotContain(QUESTION);
    }

    @Test
    void readsARefusalThatComesInPieces() {
        for (int cut = 1; cut < REFUSAL.bytes().length(); cut += 7) {
            try (Scene cutScene = new Scene(Kind.CHUNKS)) {
                cutScene.start(ASKING)
                        .says(REFUSAL.upTo(cut))
                        .says(REFUSAL.from(cut))
                        .says(GOOD);

                assertThat(cutScene.received()).isEqualTo("200 data: x");
            }
        }
    }
}
