package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.splice.Scene.Kind;
import io.costoptimal.gateway.splice.Scene.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who is asked after a failure: each failure, at each time at which it can be seen, on a new connection and on one that has
 * served before, under each list of {@code retry_on}. A request goes out twice only by a word for what happened.
 */
class SecondRequestTest {

    private static final List<String> WORDS = List.of("connect_error", "no_answer", "timeout", "4xx", "5xx");
    private static final String NOTHING = "";

    private enum Failure {
        CLOSED_AT_ONCE("no_answer", true, Scene::fin),
        RESET_AT_ONCE("no_answer", true, Scene::reset),
        CLOSED_WHEN_A_CLOSE_CAN_STILL_HAVE_BEEN_UNDER_WAY(
                "no_answer", true, s -> s.pass(millis(50)).fin()),
        CLOSED_LATER("no_answer", false, s -> s.pass(millis(51)).fin()),
        CLOSED_BEHIND_AN_INTERIM_ANSWER(
                "no_answer", false, s -> s.says(Says.interim(103)).fin()),
        CLOSED_WITHIN_THE_HEAD("no_answer", false, s -> s.says(Says.HALF_A_HEAD).fin()),
        NO_HTTP("no_answer", false, s -> s.says(Says.NOT_HTTP)),
        A_BODY_BROKEN_FROM_THE_START(
                "no_answer", false, s -> s.says(Says.head(200).chunked().badChunk())),
        A_REDIRECT(
                "no_answer",
                false,
                s -> s.says(Says.head(307).field("location", "x").length(0))),
        SILENT("timeout", false, s -> s.pass(Scene.FIRST_BYTE)),
        SILENT_WITHIN_THE_HEAD("timeout", false, s -> s.says(Says.HALF_A_HEAD).pass(Scene.FIRST_BYTE)),
        ABOUT_THE_REQUEST("4xx", false, s -> s.says(Says.whole(400, ""))),
        ABOUT_OUR_CREDENTIAL("4xx", false, s -> s.says(Says.whole(401, ""))),
        DOWN("5xx", false, s -> s.says(Says.whole(503, ""))),
        CUT_OFF(NOTHING, false, s -> s.says(Says.head(200).length(5).text("he")).fin());

        final String word;
        /** Whether a kept connection may have been closing when the request was written to it. */
        final boolean stale;

        final Consumer<Scene> events;

        Failure(String word, boolean stale, Consumer<Scene> events) {
            this.word = word;
            this.stale = stale;
            this.events = events;
        }
    }

    private static Duration millis(int millis) {
        return Duration.ofMillis(millis);
    }

    @ParameterizedTest
    @EnumSource
    void goesOutOnlyByAWordForTheFailure(Failure failure) {
        IntStream.range(0, 1 << WORDS.size()).forEach(bits -> {
            List<String> words = WORDS.stream()
                    .filter(word -> (bits >> WORDS.indexOf(word) & 1) != 0)
                    .toList();
            check(failure, words, false);
            check(failure, words, true);
        });
    }

    private static void check(Failure failure, List<String> words, boolean kept) {
        List<String> expected = new ArrayList<>(List.of("lease a"));
        boolean again = kept && failure.stale && words.contains("connect_error");
        if (again) {
            expected.add("lease a fresh");
        }
        if (words.contains(failure.word)) {
            expected.add("lease b");
        }
        try (Scene scene = new Scene(Kind.CHUNKS)) {
            if (kept) {
                scene.reused();
            }
            scene.start(Request.PLAIN.candidates("a", "b"), RetryOn.parse(words));
            failure.events.accept(scene);
            if (again) {
                failure.events.accept(scene);
            }
            assertThat(scene.log)
                    .as("%s, kept connection: %s", words, kept)
                    .filteredOn(word -> word.startsWith("lease"))
                    .isEqualTo(expected);
        }
    }
}
