package io.costoptimal.gateway.splice;

import static io.costoptimal.gateway.splice.Says.head;
import static io.costoptimal.gateway.splice.Says.whole;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.splice.Scene.Request;
import io.costoptimal.gateway.splice.Scene.Upload;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The relay's machine for requests whose bodies go on while they arrive, as a table like that of {@link RelayTest}; each row
 * also says what the providers got of the body. Long because it is one table.
 */
class UploadRelayTest {

    private static final Says OK = whole(200, "hello");
    private static final Says BUSY = whole(429, "busy");
    private static final Says TOO_LARGE = whole(413, "big");
    private static final Duration FIRST_BYTE = Scene.FIRST_BYTE;
    private static final Duration MOMENT = Duration.ofMillis(1);

    private static final UpstreamFailure UNREACHABLE =
            new UpstreamFailure(UpstreamFailure.Phase.CONNECT, UpstreamFailure.Kind.CONNECT_ERROR, "refused");

    private static final Operation UPLOAD = new Operation(
            "POST",
            "/v1/upload-of-tests",
            Operation.Handling.PROXIED,
            Operation.Body.STREAMED,
            StandardOperations.EMBEDDINGS.answers());
    private static final Request ONE = Request.PLAIN.to(UPLOAD);
    private static final Request TWO = ONE.candidates("a", "b");

    /** @param held the log if what comes of a body that is held back waits until it is let go on, as by HTTP/2 */
    record Row(String name, Consumer<Scene> events, String client, String log, String sent, String held) {

        Row held(String other) {
            return new Row(name, events, client, log, sent, other);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, Consumer<Scene> events, String client, String log, String sent) {
        return new Row(name, events, client, log, sent, log);
    }

    static Stream<Arguments> rows() {
        return Stream.of(passing(), window(), pace(), deadlines(), early(), ends())
                .flatMap(rows -> rows)
                .flatMap(row -> Stream.of(Scene.Kind.CHUNKS, Scene.Kind.PAYLOAD, Scene.Kind.HTTP2)
                        .map(kind -> Arguments.of(row, kind)));
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("rows")
    void does(Row row, Scene.Kind client) {
        Scene scene = new Scene(client);
        try (scene) {
            row.events.accept(scene);
            assertThat(scene.received()).isEqualTo(row.client);
            assertThat(String.join(", ", scene.log)).isEqualTo(client == Scene.Kind.HTTP2 ? row.held : row.log);
            assertThat(bodies(scene)).isEqualTo(row.sent);
        }
    }

    /** What each attempt sent behind its head. */
    private static String bodies(Scene scene) {
        return scene.sent.stream()
                .map(sent -> sent.substring(sent.indexOf("\r\n\r\n") + 4).replace("\r\n", "_"))
                .collect(Collectors.joining(" | "));
    }

    /** How the body goes on. */
    static Stream<Row> passing() {
        return Stream.of(
                row(
                        "piece by piece",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .sends("def")
                                .sendsLast("ghi")
                                .says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "abcdefghi"),
                row(
                        "in chunks if it comes so",
                        s -> s.start(ONE, Upload.chunked())
                                .sends("abc")
                                .sends("defghijklmnopqrst")
                                .sendsLast("")
                                .says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "3_abc_11_defghijklmnopqrst_0__"),
                row(
                        "an empty body",
                        s -> s.start(ONE, Upload.of(0)).sendsLast("").says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        ""),
                row(
                        "no body",
                        s -> s.start(ONE, Upload.none()).sendsLast("").says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        ""),
                row(
                        "an empty body in chunks",
                        s -> s.start(ONE, Upload.chunked()).sendsLast("").says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "0__"),
                row(
                        "what came before there was a connection",
                        s -> s.leaseLater()
                                .start(ONE, Upload.of(6))
                                .sends("abc")
                                .lease()
                                .sendsLast("def")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, let go on, reused, COMPLETED",
                        "abcdef"),
                row(
                        "a body that was whole before there was a connection",
                        s -> s.leaseLater()
                                .start(ONE, Upload.chunked())
                                .sendsLast("abc")
                                .lease()
                                .says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "3_abc_0__"),
                row(
                        "a client that waits is asked once there is a connection",
                        s -> s.leaseLater()
                                .start(ONE, Upload.of(3).awaitingToBeAsked())
                                .lease()
                                .sendsLast("abc")
                                .says(OK),
                        "200 hello",
                        "hold, lease a, let go on, ask, reused, COMPLETED",
                        "abc"),
                row(
                        "and asked once, however many candidates there are",
                        s -> s.start(TWO, Upload.of(3).awaitingToBeAsked())
                                .reset()
                                .sendsLast("abc")
                                .says(OK),
                        "200 hello",
                        "hold, lease a, let go on, ask, hold, lease b, let go on, reused, COMPLETED",
                        " | abc"),
                row(
                        "and never, if nobody can be reached",
                        s -> s.leaseLater()
                                .start(ONE, Upload.of(3).awaitingToBeAsked())
                                .refuse(UNREACHABLE),
                        "",
                        "hold, lease a, 502, UPSTREAM_FAILED",
                        ""));
    }

    /** As long as all that was sent is held, somebody else can be asked. */
    static Stream<Row> window() {
        return Stream.of(
                row(
                        "the next candidate gets all of it",
                        s -> s.start(TWO, Upload.of(9))
                                .sends("abc")
                                .sends("def")
                                .reset()
                                .sendsLast("ghi")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, lease b, let go on, reused, COMPLETED",
                        "abcdef | abcdefghi"),
                row(
                        "in chunks, too",
                        s -> s.start(TWO, Upload.chunked())
                                .sends("abc")
                                .sends("def")
                                .reset()
                                .sendsLast("ghi")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, lease b, let go on, reused, COMPLETED",
                        "3_abc_3_def_ | 6_abcdef_3_ghi_0__"),
                row(
                        "a whole body is sent again whole",
                        s -> s.start(TWO, Upload.chunked())
                                .sends("abc")
                                .sendsLast("def")
                                .says(BUSY)
                                .says(OK),
                        "200 hello",
                        "lease a, reused, lease b, reused, COMPLETED",
                        "3_abc_3_def_0__ | 6_abcdef_0__"),
                row(
                        "an error in mid-body moves on",
                        s -> s.start(TWO, Upload.of(6))
                                .sends("abc")
                                .says(BUSY)
                                .sendsLast("def")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, closed, lease b, let go on, reused, COMPLETED",
                        "abc | abcdef"),
                row(
                                "what comes while an error is read is held",
                                s -> s.start(TWO, Upload.of(6))
                                        .sends("abc")
                                        .says(head(429).length(4).text("bu"))
                                        .sendsLast("def")
                                        .says(Says.MORE.text("sy"))
                                        .says(OK),
                                "200 hello",
                                "lease a, hold, closed, lease b, reused, COMPLETED",
                                "abc | abcdef")
                        .held("lease a, hold, closed, lease b, let go on, reused, COMPLETED"),
                row(
                        "exactly the window is held",
                        s -> s.start(TWO, Upload.of(6).window(6))
                                .sends("abc")
                                .sendsLast("def")
                                .reset()
                                .says(OK),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED",
                        "abcdef | abcdef"),
                row(
                        "one byte more binds it to its provider",
                        s -> s.start(TWO, Upload.of(7).window(6))
                                .sends("abc")
                                .sendsLast("defg")
                                .reset(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED",
                        "abcdefg"),
                row(
                        "an error is the client's then",
                        s -> s.start(TWO, Upload.of(9).window(4))
                                .sends("abc")
                                .sends("def")
                                .says(BUSY),
                        "429 busy",
                        "lease a, hold, closed, COMPLETED",
                        "abcdef"),
                row(
                        "and so is one that came before, from somebody else",
                        s -> s.start(TWO, Upload.of(9).window(4))
                                .sends("abc")
                                .says(BUSY)
                                .sends("def")
                                .reset(),
                        "429 busy",
                        "lease a, hold, closed, lease b, let go on, hold, COMPLETED",
                        "abc | abcdef"),
                row(
                        "a kept connection that closes at once is not the provider's fault",
                        s -> s.reused()
                                .start(ONE, Upload.of(6))
                                .sends("abc")
                                .fin()
                                .sendsLast("def")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, lease a fresh, let go on, reused, COMPLETED",
                        "abc | abcdef"),
                row(
                        "but a request that is bound is not sent again",
                        s -> s.reused()
                                .start(ONE, Upload.of(6).window(1))
                                .sends("abc")
                                .fin(),
                        "",
                        "lease a, hold, 502, UPSTREAM_FAILED",
                        "abc"),
                row(
                        "policy says what is tried again",
                        s -> s.start(TWO, Upload.of(6), RetryOn.parse(List.of()))
                                .sends("abc")
                                .reset(),
                        "",
                        "lease a, hold, 502, UPSTREAM_FAILED",
                        "abc"),
                row(
                        "without memory nothing is held, and it goes on",
                        s -> s.roomForBodies(0)
                                .start(TWO, Upload.of(6))
                                .sends("abc")
                                .sendsLast("def")
                                .reset(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED",
                        "abcdef"),
                row(
                        "unless there is no connection yet",
                        s -> s.roomForBodies(0)
                                .leaseLater()
                                .start(TWO, Upload.of(6))
                                .sends("abc"),
                        "",
                        "lease a, cancelled, 503, REJECTED",
                        ""));
    }

    /** The slower side decides. */
    static Stream<Row> pace() {
        return Stream.of(
                row(
                        "the client waits for a provider that takes no more",
                        s -> s.start(ONE, Upload.of(9))
                                .providerTakes(false)
                                .sends("abc")
                                .providerTakes(true)
                                .sendsLast("def")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, let go on, reused, COMPLETED",
                        "abcdef"),
                row(
                        "what comes though it is held back goes on",
                        s -> s.start(ONE, Upload.of(9))
                                .providerTakes(false)
                                .sends("abc")
                                .sends("def")
                                .providerTakes(true)
                                .sendsLast("ghi")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, let go on, reused, COMPLETED",
                        "abcdefghi"),
                row(
                        "nobody is held back at the end",
                        s -> s.start(ONE, Upload.of(3))
                                .providerTakes(false)
                                .sendsLast("abc")
                                .providerTakes(true)
                                .says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "abc"));
    }

    /** Each side has its time only while something is waited for from it. */
    static Stream<Row> deadlines() {
        return Stream.of(
                row(
                        "a slow client costs the provider no time",
                        s -> s.start(ONE, Upload.of(6))
                                .sends("abc")
                                .pass(FIRST_BYTE.multipliedBy(3))
                                .sendsLast("def")
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .says(OK),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "abcdef"),
                row(
                        "a provider that does not answer the whole of it",
                        s -> s.start(ONE, Upload.of(6))
                                .sends("abc")
                                .pass(FIRST_BYTE)
                                .sendsLast("def")
                                .pass(FIRST_BYTE),
                        "",
                        "lease a, closed, 504, UPSTREAM_FAILED",
                        "abcdef"),
                row(
                        "a provider that takes no more",
                        s -> s.start(ONE, Upload.of(6))
                                .providerTakes(false)
                                .sends("abc")
                                .pass(FIRST_BYTE),
                        "",
                        "lease a, hold, closed, 504, UPSTREAM_FAILED",
                        "abc"),
                row(
                        "a provider that takes it slowly has its time anew",
                        s -> s.start(ONE, Upload.of(9))
                                .providerTakes(false)
                                .sends("abc")
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .providerTakes(true)
                                .providerTakes(false)
                                .sends("def")
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .providerTakes(true)
                                .sendsLast("ghi")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, let go on, hold, let go on, reused, COMPLETED",
                        "abcdefghi"),
                row(
                        "whoever takes no more is left for another",
                        s -> s.start(TWO, Upload.of(6))
                                .providerTakes(false)
                                .sends("abc")
                                .pass(FIRST_BYTE)
                                .providerTakes(true)
                                .sendsLast("def")
                                .says(OK),
                        "200 hello",
                        "lease a, hold, closed, lease b, let go on, reused, COMPLETED",
                        "abc | abcdef"));
    }

    /** Answers that come before the request is whole. */
    static Stream<Row> early() {
        return Stream.of(
                row(
                        "a refusal is the client's, and nothing more is sent",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .says(head(413).length(3).text("b"))
                                .sends("def")
                                .says(Says.MORE.text("ig")),
                        "413 big",
                        "lease a, hold, closed, COMPLETED",
                        "abc"),
                row(
                        "a refusal of the whole request leaves the connection fit",
                        s -> s.start(ONE, Upload.of(3)).sendsLast("abc").says(TOO_LARGE),
                        "413 big",
                        "lease a, reused, COMPLETED",
                        "abc"),
                row(
                        "a redirect is nobody's",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .says(head(307).field("location", "http://x/").length(0)),
                        "",
                        "lease a, hold, closed, 502, UPSTREAM_FAILED",
                        "abc"),
                row(
                        "a success is relayed while the rest goes on",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .says(head(200).length(5).text("he"))
                                .sends("def")
                                .sendsLast("ghi")
                                .says(Says.MORE.text("llo")),
                        "200 hello",
                        "lease a, reused, COMPLETED",
                        "abcdefghi"),
                row(
                        "and its provider may be slow",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .says(head(200).length(5).text("he"))
                                .providerTakes(false)
                                .sends("def")
                                .providerTakes(true)
                                .sendsLast("ghi")
                                .says(Says.MORE.text("llo")),
                        "200 hello",
                        "lease a, hold, let go on, reused, COMPLETED",
                        "abcdefghi"),
                row(
                        "a success that ends first ends the request",
                        s -> s.start(ONE, Upload.of(9)).sends("abc").says(OK),
                        "200 hello",
                        "lease a, closed, COMPLETED",
                        "abc"),
                row(
                        "a success that breaks off",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .says(head(200).length(5).text("he"))
                                .sends("def")
                                .reset(),
                        "200 he",
                        "lease a, TRUNCATED",
                        "abcdef"));
    }

    /** How else it ends. */
    static Stream<Row> ends() {
        return Stream.of(
                row(
                        "the client leaves in mid-body",
                        s -> s.start(ONE, Upload.of(9)).sends("abc").clientLeaves(),
                        "",
                        "lease a, closed, CLIENT_CANCELLED",
                        "abc"),
                row(
                        "the client leaves while it is held back",
                        s -> s.start(ONE, Upload.of(9))
                                .providerTakes(false)
                                .sends("abc")
                                .clientLeaves(),
                        "",
                        "lease a, hold, closed, CLIENT_CANCELLED",
                        "abc"),
                row(
                        "a piece that is refused goes to nobody",
                        s -> s.start(TWO, Upload.of(9)).sends("abc").sendsLast("BAD"),
                        "",
                        "lease a, closed, 400, REJECTED",
                        "abc"),
                row(
                        "a piece that is refused once the answer has begun breaks that off",
                        s -> s.start(ONE, Upload.of(9))
                                .sends("abc")
                                .says(head(200).length(5).text("he"))
                                .sendsLast("BAD"),
                        "200 he",
                        "lease a, closed, TRUNCATED",
                        "abc"),
                row(
                        "one request after another",
                        s -> s.start(ONE, Upload.of(3))
                                .sendsLast("abc")
                                .says(OK)
                                .start(ONE, Upload.chunked())
                                .sendsLast("def")
                                .says(OK),
                        "200 hello\n200 hello",
                        "lease a, reused, COMPLETED, lease a, reused, COMPLETED",
                        "abc | 3_def_0__"));
    }

    @Test
    void announcesTheLengthThatTheClientAnnounced() {
        assertThat(headOf(Upload.of(5_000_000_000L))).contains("\r\nContent-Length: 5000000000\r\n");
        assertThat(headOf(Upload.chunked()))
                .contains("\r\ntransfer-encoding: chunked\r\n")
                .doesNotContainIgnoringCase("content-length");
        assertThat(headOf(Upload.none())).contains("\r\nContent-Length: 0\r\n");
    }

    private static String headOf(Upload upload) {
        try (Scene scene = new Scene(Scene.Kind.CHUNKS)) {
            scene.start(ONE, upload);
            return scene.sent.get(0).toString();
        }
    }

    /** What was not sent in full can have cost nothing. */
    @Test
    void accountsForRequestsThatWereSentInFullAlone() {
        Operation counted = new Operation(
                "POST",
                "/v1/counted-upload-of-tests",
                Operation.Handling.PROXIED,
                Operation.Body.STREAMED,
                StandardOperations.CHAT_COMPLETIONS.answers());
        assertThat(counted.family()).isEqualTo(ApiFamily.OPENAI);
        try (Scene scene = new Scene(Scene.Kind.CHUNKS, Timeouts.DEFAULTS, Accounting.within(1000))) {
            scene.start(Request.PLAIN.to(counted), Upload.of(6)).sends("abc").reset();
            assertThat(scene.exchange().uncounted()).isEmpty();
        }
        try (Scene scene = new Scene(Scene.Kind.CHUNKS, Timeouts.DEFAULTS, Accounting.within(1000))) {
            scene.start(Request.PLAIN.to(counted), Upload.of(6))
                    .sendsLast("abcdef")
                    .reset();
            assertThat(scene.exchange().uncounted()).hasSize(1);
            assertThat(scene.exchange().takeBodyToCount()).isNull();
        }
    }
}
