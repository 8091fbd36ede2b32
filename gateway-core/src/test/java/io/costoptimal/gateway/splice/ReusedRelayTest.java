package io.costoptimal.gateway.splice;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.splice.Scene.Request;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A relay serves one exchange after another: whatever one of them was like, the next is as if it were the first. */
class ReusedRelayTest {

    private static final Request TWO = Request.PLAIN.candidates("a", "b");
    private static final Says STREAM = Says.head(200).events().chunked().chunk("data: x\n\n");

    /** The exchange before; each leaves by another way out, with something else in its hands. */
    enum Before {
        A_WHOLE_ANSWER(s -> s.start().says(Says.whole(200, "before"))),
        BYTES_BEHIND_THE_ANSWER(s -> s.start().says(Says.whole(200, "before").text("more"))),
        A_BODY_THAT_ENDED_WITH_ITS_CONNECTION(
                s -> s.start().says(Says.head(200).untilClose().text("before")).fin()),
        A_KEPT_ERROR(s -> s.start(TWO).says(Says.whole(400, "before")).says(Says.whole(503, "down"))),
        A_KEPT_ERROR_THAT_WAS_NOT_NEEDED(
                s -> s.start(TWO).says(Says.whole(400, "before")).says(Says.whole(200, "ok"))),
        AN_ERROR_THAT_STALLED(s -> s.start()
                .says(Says.head(429).length(99).text("{\"error\":{\"message\":\"before"))
                .pass(Duration.ofSeconds(2))),
        HALF_A_HEAD(s -> s.start().says(Says.HALF_A_HEAD).fin()),
        INTERIM_ANSWERS_AND_NO_OTHER(
                s -> s.start().says(Says.interim(103).times(8)).fin()),
        A_MALFORMED_HEAD(s -> s.start().says(Says.NOT_HTTP)),
        A_BODY_BROKEN_FROM_THE_START(s -> s.start().says(STREAM.badChunk())),
        NO_CONNECTION(s -> s.leaseLater()
                .start()
                .leaseAtOnce()
                .refuse(new UpstreamFailure(Phase.CONNECT, Kind.CONNECT_ERROR, "before"))),
        A_FRESH_CONNECTION_THAT_DIED_TOO(s -> s.reused().start().fin().fin()),
        A_CLIENT_THAT_TAKES_NO_MORE(s -> s.start()
                .says(STREAM)
                .clientWritable(false)
                .says(Says.MORE.end())
                .clientWritable(true)),
        A_DEFECT(s -> s.start().thrown(new IllegalStateException("before"))),
        A_DEFECT_WHILE_A_CONNECTION_IS_AWAITED(
                s -> s.leaseLater().start().leaseAtOnce().thrown(new IllegalStateException("before"))),
        A_DEFECT_WITHIN_AN_ERROR(s ->
                s.start(TWO).says(Says.head(400).length(9).text("no")).thrown(new IllegalStateException("before"))),
        A_DEFECT_WITHIN_THE_ANSWER(s -> s.start().says(STREAM).thrown(new IllegalStateException("before"))),
        A_STREAM_THAT_BROKE_OFF(s -> s.start().says(STREAM).fin());

        final Consumer<Scene> events;

        Before(Consumer<Scene> events) {
            this.events = events;
        }
    }

    /** Each row after two of them, which are others for the next row, so that this takes no minute. */
    static Stream<Arguments> rowsAfter() {
        Before[] all = Before.values();
        AtomicInteger next = new AtomicInteger();
        return RelayTest.rows()
                .flatMap(row -> Stream.generate(() -> all[next.getAndIncrement() % all.length])
                        .limit(2)
                        .map(before -> Arguments.of(row.get()[0], row.get()[1], before)));
    }

    @ParameterizedTest(name = "{0}, {1}, after {2}")
    @MethodSource("rowsAfter")
    void doesAsIfItWereNew(RelayTest.Row row, Scene.Kind client, Before before) {
        Scene scene = new Scene(client);
        try (scene) {
            before.events.accept(scene);
            row.events().accept(scene.forget());
            assertThat(scene.received()).isEqualTo(row.client());
            assertThat(String.join(", ", scene.log)).isEqualTo(row.log());
        }
    }

    /** As it is when the client has sent its next request ahead. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"A_DEFECT_WITHIN_THE_ANSWER", "A_STREAM_THAT_BROKE_OFF"})
    void beginsTheNextWithinTheEndOfTheLast(Before before) {
        for (Scene.Kind client : new Scene.Kind[] {Scene.Kind.CHUNKS, Scene.Kind.PAYLOAD, Scene.Kind.HTTP2}) {
            try (Scene scene = new Scene(client)) {
                int[] begun = {0};
                scene.atEnd(() -> {
                    begun[0]++;
                    scene.forget().start(TWO);
                });
                before.events.accept(scene);
                assertThat(begun[0]).as("exchanges begun within the end").isEqualTo(1);

                scene.says(Says.whole(429, "busy")).says(STREAM).says(Says.MORE.end());

                assertThat(scene.received()).isEqualTo("200 data: x\n\n");
                assertThat(String.join(", ", scene.log)).isEqualTo("lease a, reused, lease b, reused, COMPLETED");
            }
        }
    }
}
