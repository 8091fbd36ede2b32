package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamCommentsTest {

    private static final Duration SILENCE = Duration.ofSeconds(15);
    private static final Duration IDLE = Timeouts.DEFAULTS.upstream().streamIdle();

    private static final String HEAD = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n";
    private static final String CHUNKED = HEAD + "transfer-encoding: chunked\r\n\r\n";
    private static final String EVENT = "data: {}\n\n";
    private static final String CHUNK = "a\r\n" + EVENT + "\r\n";
    private static final String COMMENT = ": keep-alive\n\n";
    private static final String COMMENT_CHUNK = "e\r\n" + COMMENT + "\r\n";

    private final Scene scene = new Scene(Scene.Kind.HTTP1, with(SILENCE));

    private static Timeouts with(Duration comment) {
        Timeouts d = Timeouts.DEFAULTS;
        return new Timeouts(
                d.client(),
                new Timeouts.Upstream(d.upstream().connect(), d.upstream().streamIdle(), comment),
                d.pool());
    }

    @AfterEach
    void close() {
        scene.close();
    }

    @Test
    void commentsOnceForEachTimeTheStreamIsSilent() {
        scene.start().receive(CHUNKED + CHUNK).pass(SILENCE).pass(SILENCE).receive(CHUNK);
        scene.pass(SILENCE.minusMillis(1)).receive("0\r\n\r\n").pass(SILENCE);

        assertThat(scene.received()).isEqualTo(CHUNKED + CHUNK + COMMENT_CHUNK + COMMENT_CHUNK + CHUNK + "0\r\n\r\n");
        assertThat(scene.log).containsExactly("lease a", "reused", "COMPLETED");
    }

    @Test
    void commentsBeforeTheFirstEventToo() {
        scene.start().receive(CHUNKED).pass(SILENCE).receive(CHUNK + "0\r\n\r\n");

        assertThat(scene.received()).isEqualTo(CHUNKED + COMMENT_CHUNK + CHUNK + "0\r\n\r\n");
    }

    @Test
    void commentsWithoutChunksWhereTheStreamHasNone() {
        scene.start()
                .receive(HEAD + "\r\n" + EVENT)
                .pass(SILENCE)
                .receive(EVENT)
                .fin();

        assertThat(scene.received()).isEqualTo(HEAD + "connection: close\r\n\r\n" + EVENT + COMMENT + EVENT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "9\r\ndata: {}\n\r\n",
                "5\r\ndata:\r\n",
                "14\r\ndata: {}\n\nda",
                "a\r\ndata: {}\n\n",
                "a\r\ndata: {}\n\n\r\n5",
                "e\r\ndata: [DONE]\n\n\r\n"
            })
    void writesNothingWithinAnEventOrAChunkOrBehindTheLastEvent(String unfinished) {
        scene.start().receive(CHUNKED + unfinished).pass(SILENCE).pass(SILENCE);

        assertThat(scene.received()).isEqualTo(CHUNKED + unfinished);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n",
                HEAD + "content-length: 999\r\n\r\n" + EVENT,
                HEAD + "content-encoding: gzip\r\ntransfer-encoding: chunked\r\n\r\n",
            })
    void writesNothingIntoAnythingButAPlainStreamThatMayGrow(String answer) {
        scene.start().receive(answer).pass(SILENCE).pass(SILENCE);

        assertThat(scene.received()).isEqualTo(answer);
    }

    @Test
    void noticesADeadProviderAsSoonAsWithoutComments() {
        scene.start().receive(CHUNKED + CHUNK);
        for (Duration passed = Duration.ZERO; passed.compareTo(IDLE) < 0; passed = passed.plus(SILENCE)) {
            assertThat(scene.log).doesNotContain("TRUNCATED");
            scene.pass(SILENCE);
        }

        assertThat(scene.log).endsWith("closed", "TRUNCATED");
    }

    @Test
    void spareAClientThatDoesNotRead() {
        scene.start()
                .slowClient()
                .receive(CHUNKED + CHUNK)
                .clientWritable(false)
                .pass(SILENCE)
                .pass(SILENCE);
        assertThat(scene.received()).isEqualTo(CHUNKED + CHUNK);

        scene.clientWritable(true).pass(SILENCE);
        assertThat(scene.received()).isEqualTo(CHUNKED + CHUNK + COMMENT_CHUNK);
    }

    @Test
    void neverCommentsUnlessAsked() {
        try (Scene plain = new Scene(Scene.Kind.HTTP1)) {
            plain.start().receive(CHUNKED + CHUNK).pass(IDLE.minusMillis(1));

            assertThat(plain.received()).isEqualTo(CHUNKED + CHUNK);
        }
    }

    /** Nothing is connected any more when a kept answer is relayed, and still there is something to stop. */
    @Test
    void stopsWhenTheClientLeavesWithinAKeptAnswer() {
        scene.onFlush = scene::clientLeaves;
        scene.leaseLater()
                .start(Scene.Request.PLAIN.candidates("a", "b"))
                .lease()
                .receive("HTTP/1.1 400 E\r\ncontent-type: text/event-stream\r\ncontent-length: 2\r\n\r\nno")
                .slowClient()
                .clientWritable(false)
                .refuse(new UpstreamFailure(Phase.CONNECT, Kind.CONNECT_ERROR, "refused"));

        assertThat(scene.log).containsExactly("lease a", "reused", "lease b", "CLIENT_CANCELLED");
    }
}
