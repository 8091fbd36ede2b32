package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.splice.Scene.Kind;
import io.costoptimal.gateway.splice.Scene.Request;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A stream that was asked for usage in the client's name reaches the client as if it had not been asked. */
class WithoutExtraUsageTest {

    private static final String HELLO =
            "data: {\"id\":\"1\",\"choices\":[{\"delta\":{\"content\":\"he\"}}],\"usage\":null}\n\n";
    private static final String CALL =
            "data: {\"id\":\"1\",\"choices\":[{\"delta\":{\"tool_calls\":[{\"type\":\"function\"}]}}]}\r\n\r\n";
    private static final String FILTER = "data: {\"id\":\"\",\"choices\":[],\"prompt_filter_results\":[{\"a\":1}]}\n\n";
    private static final String LAST =
            "data: {\"id\":\"1\",\"choices\":[{\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":9}}\n\n";
    private static final String EXTRA =
            "data: {\"id\":\"1\",\"choices\":[],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2}}\n\n";
    private static final String DONE = "data: [DONE]\n\n";

    private static final List<String> EVENTS = List.of(FILTER, ": ping\n\n", HELLO, CALL, LAST, EXTRA, DONE);
    private static final String STREAM = String.join("", EVENTS);
    private static final String EXPECTED = STREAM.replace(EXTRA, "");

    private static final Request ASKING = Request.PLAIN.asking();

    private static final Says HEAD = Says.head(200).events();

    private static Says chunked() {
        Says all = HEAD.chunked();
        for (String event : EVENTS) {
            all = all.chunk(event);
        }
        return all.end();
    }

    /** All of the stream in chunks that know nothing of events. */
    private static Says chunkedAnyhow(int size) {
        Says all = HEAD.chunked();
        for (int i = 0; i < STREAM.length(); i += size) {
            all = all.chunk(STREAM.substring(i, Math.min(STREAM.length(), i + size)));
        }
        return all.end();
    }

    private static void passes(Kind client, Says answer, int cut, boolean closes) {
        try (Scene scene = new Scene(client)) {
            scene.start(ASKING).says(answer.upTo(cut));
            if (cut < answer.bytes().length()) {
                scene.says(answer.from(cut));
            }
            if (closes) {
                scene.fin();
            }
            assertThat(scene.received()).as("cut at " + cut).isEqualTo("200 " + EXPECTED);
            assertThat(scene.exchange().outcome()).isEqualTo(Outcome.COMPLETED);
            assertThat(scene.exchange().usage().input().uncached())
                    .as("usage is read all the same")
                    .isEqualTo(7);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "PAYLOAD"})
    void leavesOutTheExtraEventAndNothingElseWhereverTheAnswerIsCut(Kind client) {
        List<Says> answers = new ArrayList<>(
                List.of(chunked(), HEAD.length(STREAM.length()).text(STREAM), chunkedAnyhow(STREAM.length())));
        for (int size = 1; size < 40; size += 3) {
            answers.add(chunkedAnyhow(size));
        }
        for (Says answer : answers) {
            int step = answer.bytes().length() > 2500 ? 13 : 1;
            for (int cut = 1; cut <= answer.bytes().length(); cut += step) {
                passes(client, answer, cut, false);
            }
        }
        Says untilClose = HEAD.untilClose().text(STREAM);
        for (int cut = 1; cut <= untilClose.bytes().length(); cut++) {
            passes(client, untilClose, cut, true);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "PAYLOAD"})
    void leavesItOutOfAStreamThatComesByteByByte(Kind client) {
        for (Says answer : List.of(chunked(), HEAD.length(STREAM.length()).text(STREAM), chunkedAnyhow(11))) {
            try (Scene scene = new Scene(client)) {
                scene.start(ASKING);
                for (int i = 0; i < answer.bytes().length(); i++) {
                    scene.receive(answer.bytes().substring(i, i + 1));
                }
                assertThat(scene.received()).isEqualTo("200 " + EXPECTED);
            }
        }
    }

    @Test
    void handsOnWholeEventsInTheChunksTheyCameIn() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start(ASKING).says(HEAD.chunked().chunk(HELLO));
            scene.says(Says.MORE.chunk(HELLO).chunk(LAST)).says(Says.MORE.chunk(EXTRA));
            scene.says(Says.MORE.chunk(DONE).trailersAndEnd());

            assertThat(scene.received())
                    .isEqualTo(HEAD.chunked()
                            .chunk(HELLO)
                            .chunk(HELLO)
                            .chunk(LAST)
                            .chunk(DONE)
                            .trailersAndEnd()
                            .bytes());
            assertThat(scene.log).containsExactly("lease a", "reused", "COMPLETED");
        }
    }

    @Test
    void writesOneChunkForEachReadThatIsNotHandedOnAsItCame() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            String begun = EXTRA.substring(0, 20);
            scene.start(ASKING).says(HEAD.chunked().part(EXTRA.length() + DONE.length(), begun));
            assertThat(scene.received()).isEqualTo(HEAD.chunked().bytes());

            scene.says(Says.MORE
                    .text(EXTRA.substring(20) + DONE)
                    .text("\r\n")
                    .extendedChunk(": x\n\n")
                    .end());
            assertThat(scene.received())
                    .isEqualTo(HEAD.chunked().chunk(DONE + ": x\n\n").end().bytes());
        }
    }

    @Test
    void loosesTheLengthThatIsTrueNoMore() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start(ASKING)
                    .says(HEAD.field("x", "y").length(STREAM.length()).text(STREAM));

            assertThat(scene.received())
                    .isEqualTo(
                            HEAD.field("x", "y").chunked().chunk(EXPECTED).end().bytes());
            assertThat(scene.log).containsExactly("lease a", "reused", "COMPLETED");
        }
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start(ASKING.http10(true)).says(HEAD.length(STREAM.length()).text(STREAM));

            assertThat(scene.received())
                    .isEqualTo(HEAD.closing().untilClose().text(EXPECTED).bytes());
        }
    }

    @Test
    void sendsEachEventAsSoonAsItIsKnownToPass() {
        try (Scene scene = new Scene(Kind.PAYLOAD)) {
            int known = HELLO.indexOf("{\"delta");
            scene.start(ASKING).says(HEAD.chunked().part(HELLO.length(), HELLO.substring(0, known)));
            assertThat(scene.received()).isEqualTo("200 ");
            scene.says(Says.MORE.text(HELLO.substring(known, known + 1)));
            assertThat(scene.received()).isEqualTo("200 " + HELLO.substring(0, known + 1));
            scene.says(Says.MORE.text(HELLO.substring(known + 1, known + 9)));
            assertThat(scene.received()).isEqualTo("200 " + HELLO.substring(0, known + 9));
            scene.clientLeaves();
        }
    }

    /** What had come before the end, and could be anything, is the client's. */
    @ParameterizedTest
    @EnumSource(names = {"CHUNKS", "PAYLOAD"})
    void handsOverAllThatCameBeforeAStreamBroke(Kind client) {
        String before = HELLO + EXTRA + HELLO;
        for (int cut = 1; cut <= before.length(); cut++) {
            String whole = before.substring(0, cut);
            int json = HELLO.length() + EXTRA.length() - 2;
            String expected =
                    cut < json ? whole : HELLO + before.substring(Math.min(cut, HELLO.length() + EXTRA.length()), cut);
            try (Scene scene = new Scene(client)) {
                scene.start(ASKING).says(HEAD.chunked().part(999, whole)).reset();

                assertThat(scene.received()).as("cut at " + cut).isEqualTo("200 " + expected);
                assertThat(scene.exchange().outcome()).isEqualTo(Outcome.TRUNCATED);
            }
        }
    }

    @Test
    void keepsNothingOfAClientThatHasLeft() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start(ASKING)
                    .says(HEAD.chunked().part(999, EXTRA.substring(0, 30)))
                    .clientLeaves();

            assertThat(scene.log).containsExactly("lease a", "closed", "CLIENT_CANCELLED");
        }
    }

    @Test
    void tellsAClientWithAnEventThatTheStreamBrokeBehindTheExtraOne() {
        try (Scene scene = new Scene(Kind.CHUNKS)) {
            scene.start(ASKING).says(HEAD.chunked().chunk(HELLO).chunk(EXTRA)).reset();

            assertThat(scene.received())
                    .startsWith("200 " + HELLO + "data: {\"error\":")
                    .doesNotContain("prompt_tokens");
        }
    }

    @Test
    void commentsBetweenEventsWhileNothingComes() {
        Timeouts d = Timeouts.DEFAULTS;
        Timeouts.Upstream upstream =
                new Timeouts.Upstream(d.upstream().connect(), d.upstream().streamIdle(), Duration.ofSeconds(15));
        try (Scene scene = new Scene(Kind.CHUNKS, new Timeouts(d.client(), upstream, d.pool()))) {
            scene.start(ASKING).says(HEAD.chunked().chunk(HELLO).part(EXTRA.length(), EXTRA.substring(0, 9)));
            scene.pass(Duration.ofSeconds(15));
            assertThat(scene.received()).isEqualTo("200 " + HELLO);
            scene.says(Says.MORE.text(EXTRA.substring(9)).text("\r\n")).pass(Duration.ofSeconds(15));
            scene.says(Says.MORE.chunk(DONE).end());

            assertThat(scene.received()).isEqualTo("200 " + HELLO + ": keep-alive\n\n" + DONE);
        }
    }

    @Test
    void passesWhatItCannotLookInto() {
        String packed = "\u001f\u008b" + EXTRA;
        for (Says answer : List.of(
                HEAD.field("content-encoding", "gzip").length(packed.length()).text(packed),
                Says.whole(200, EXTRA),
                Says.head(500).events().length(EXTRA.length()).text(EXTRA))) {
            try (Scene scene = new Scene(Kind.HTTP1)) {
                scene.start(ASKING).says(answer);

                assertThat(scene.received()).isEqualTo(answer.bytes());
            }
        }
    }

    @Test
    void passesTheEventToAClientThatLeftTheQuestionToNobody() {
        try (Scene scene = new Scene(Kind.HTTP1)) {
            scene.start(Request.PLAIN).says(chunked());

            assertThat(scene.received()).isEqualTo(chunked().bytes());
        }
    }
}
