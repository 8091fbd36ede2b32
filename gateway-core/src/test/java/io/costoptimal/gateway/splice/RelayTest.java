package io.costoptimal.gateway.splice;

import static io.costoptimal.gateway.splice.Says.head;
import static io.costoptimal.gateway.splice.Says.interim;
import static io.costoptimal.gateway.splice.Says.whole;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.http.Packing;
import io.costoptimal.gateway.splice.Scene.Request;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The relay's machine as a table: what happens, what the client gets, and what becomes of provider and exchange. A bug is
 * fixed by a row that fails first. Each row holds for every kind of client; what is particular to one that speaks HTTP/1
 * stands in {@link Http1AnswersTest}.
 */
class RelayTest {

    private static final Says MORE = Says.MORE;
    private static final Says FIVE = whole(200, "hello");
    private static final Says CHUNKED = head(200).chunked();
    private static final Says SSE = head(200).events().chunked();
    private static final String EVENT = "data: {\"a\":1}\n\n";
    private static final Says REDIRECT =
            head(307).field("location", "http://x/").length(0);
    private static final Says BUSY = whole(429, "busy");

    /** More than a client takes before it is unwritable, and not all of the body. */
    private static final String MUCH = "x".repeat(90_000);

    private static final Says MANY = head(200).length(99_999).text(MUCH);
    private static final Says MORE_YET = head(200).length(999_999).text(MUCH);

    private static final Request TWO = Request.PLAIN.candidates("a", "b");
    private static final Request THREE = Request.PLAIN.candidates("a", "b", "c");

    private static final Duration FIRST_BYTE = Scene.FIRST_BYTE;
    private static final Duration IDLE = Duration.ofSeconds(300);
    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration LOOK = Duration.ofSeconds(2);
    private static final Duration MOMENT = Duration.ofMillis(1);

    record Row(String name, Consumer<Scene> events, String client, String log) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, Consumer<Scene> events, String client, String log) {
        return new Row(name, events, client, log);
    }

    static Stream<Arguments> rows() {
        return Stream.of(
                        wholeAnswers(),
                        heads(),
                        failover(),
                        best(),
                        tooLong(),
                        packed(),
                        deadlines(),
                        broken(),
                        leaving(),
                        pressure())
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
            assertThat(String.join(", ", scene.log)).isEqualTo(row.log);
        }
    }

    /** Whole answers, and when their connection serves again. */
    static Stream<Row> wholeAnswers() {
        return Stream.of(
                row("a body of known length", s -> s.start().says(FIVE), "200 hello", "lease a, reused, COMPLETED"),
                row(
                        "a chunked body with trailers, in two reads",
                        s -> s.start()
                                .says(CHUNKED.part(5, "he"))
                                .says(MORE.text("llo\r\n").trailersAndEnd()),
                        "200 hello",
                        "lease a, reused, COMPLETED"),
                row("an empty body", s -> s.start().says(head(200).length(0)), "200 ", "lease a, reused, COMPLETED"),
                row(
                        "a body that ends with the connection",
                        s -> s.start()
                                .says(head(200).untilClose().text("hello"))
                                .fin(),
                        "200 hello",
                        "lease a, COMPLETED"),
                row(
                        "an empty body that ends with the connection",
                        s -> s.start().says(head(200).untilClose()).fin(),
                        "200 ",
                        "lease a, COMPLETED"),
                row(
                        "trap 1: the answer ends before the request is written",
                        s -> s.start().written(false).says(FIVE),
                        "200 hello",
                        "lease a, closed, COMPLETED"),
                row(
                        "trap 8: bytes behind the length",
                        s -> s.start().says(FIVE.then(head(200))),
                        "200 hello",
                        "lease a, closed, COMPLETED"),
                row(
                        "bytes behind the last chunk",
                        s -> s.start().says(CHUNKED.end().text("\r\n")),
                        "200 ",
                        "lease a, closed, COMPLETED"),
                row(
                        "the provider closes after this answer",
                        s -> s.start().says(head(200).closing().length(2).text("ok")),
                        "200 ok",
                        "lease a, closed, COMPLETED"),
                row(
                        "the provider speaks the old version",
                        s -> s.start().says(whole(200, "ok").old()),
                        "200 ok",
                        "lease a, closed, COMPLETED"),
                row(
                        "a redirect is no answer, and nobody is sent elsewhere with a key",
                        s -> s.start().says(REDIRECT),
                        "",
                        "lease a, reused, 502, UPSTREAM_FAILED"),
                row(
                        "that nothing has changed is an answer to GET",
                        s -> s.start(Request.PLAIN.method("GET"))
                                .says(head(304).field("etag", "x").untilClose()),
                        "304 ",
                        "lease a, reused, COMPLETED"),
                row(
                        "two exchanges on one connection",
                        s -> s.start().says(FIVE).start().says(FIVE),
                        "200 hello\n200 hello",
                        "lease a, reused, COMPLETED, lease a, reused, COMPLETED"));
    }

    /** Bodiless answers and interim ones: traps 2 to 4 and 45, faults 80, 81, 83 and 84. */
    static Stream<Row> heads() {
        Request onlyHead = Request.PLAIN.method("HEAD");
        return Stream.of(
                row(
                        "HEAD with a length",
                        s -> s.start(onlyHead).says(head(200).length(5)),
                        "200 ",
                        "lease a, reused, COMPLETED"),
                row(
                        "HEAD with a body after all",
                        s -> s.start(onlyHead).says(FIVE),
                        "200 ",
                        "lease a, closed, COMPLETED"),
                row(
                        "HEAD, chunked, after an interim answer",
                        s -> s.start(onlyHead).says(interim(103)).says(CHUNKED),
                        "200 ",
                        "lease a, reused, COMPLETED"),
                row(
                        "204 with a length",
                        s -> s.start().says(head(204).length(5)),
                        "204 ",
                        "lease a, reused, COMPLETED"),
                row(
                        "304 with a body after all",
                        s -> s.start(Request.PLAIN.method("GET")).says(whole(304, "hello")),
                        "304 ",
                        "lease a, closed, COMPLETED"),
                row(
                        "trap 2: interim answers are not the answer",
                        s -> s.start()
                                .says(interim(100).then(interim(103)))
                                .says(head(102).length(3).then(FIVE)),
                        "200 hello",
                        "lease a, reused, COMPLETED"),
                row(
                        "too many interim answers",
                        s -> s.start().says(interim(103).times(9).then(FIVE)),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"),
                row(
                        "trap 4: 101 to a request that asked for no upgrade",
                        s -> s.start()
                                .says(head(101)
                                        .field("upgrade", "x")
                                        .untilClose()
                                        .then(FIVE)),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"),
                row("not HTTP", s -> s.start().says(Says.NOT_HTTP), "", "lease a, closed, 502, UPSTREAM_FAILED"),
                row(
                        "length and chunks",
                        s -> s.start().says(head(200).lengthAndChunked(5)),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"),
                row(
                        "another coding",
                        s -> s.start().says(head(200).codings("gzip, chunked").end()),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"),
                row(
                        "a head longer than the limit",
                        s -> s.start().says(head(200).field("x", "y".repeat(32 * 1024))),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"));
    }

    private static UpstreamFailure failure(Phase phase, Kind kind) {
        return new UpstreamFailure(phase, kind, "test");
    }

    private static RetryOn on(String... words) {
        return RetryOn.parse(List.of(words));
    }

    /** Failover happens before the first byte and nowhere else. */
    static Stream<Row> failover() {
        UpstreamFailure refused = failure(Phase.CONNECT, Kind.CONNECT_ERROR);
        return Stream.of(
                row(
                        "a status of retry_on moves on, and a short body keeps the connection",
                        s -> s.start(TWO).says(BUSY).says(FIVE),
                        "200 hello",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "the last candidate's answer is the answer",
                        s -> s.start(TWO).says(BUSY).says(BUSY),
                        "429 busy",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "a status that retry_on does not name is the answer",
                        s -> s.start(TWO, on("5xx")).says(BUSY),
                        "429 busy",
                        "lease a, reused, COMPLETED"),
                row(
                        "a long body is not waited for",
                        s -> s.start(TWO).says(head(500).length(65_537)).says(FIVE),
                        "200 hello",
                        "lease a, closed, lease b, reused, COMPLETED"),
                row(
                        "one that ends with its connection ends",
                        s -> s.start(TWO)
                                .says(head(500).untilClose().text("x"))
                                .fin()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "surplus behind a dropped answer",
                        s -> s.start(TWO).says(BUSY.text("x")).says(FIVE),
                        "200 hello",
                        "lease a, closed, lease b, reused, COMPLETED"),
                row(
                        "connect error, then an answer",
                        s -> s.leaseLater().start(TWO).refuse(refused).lease().says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "connect error, and nobody else",
                        s -> s.leaseLater().start().refuse(refused),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "connect error, and retry_on without it",
                        s -> s.leaseLater().start(TWO, on("timeout")).refuse(refused),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "connect timeout, and nobody else",
                        s -> s.leaseLater().start().refuse(failure(Phase.CONNECT, Kind.TIMEOUT)),
                        "",
                        "lease a, 504, UPSTREAM_FAILED"),
                row(
                        "the pool's own limit",
                        s -> s.leaseLater().start().refuse(failure(Phase.LEASE, Kind.TIMEOUT)),
                        "",
                        "lease a, 503, UPSTREAM_FAILED"),
                row(
                        "a new connection dies without an answer",
                        s -> s.start(TWO).fin().says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "trap 6: a reused connection dies without an answer",
                        s -> s.reused().start(TWO).fin().says(FIVE),
                        "200 hello",
                        "lease a, lease a fresh, reused, COMPLETED"),
                row(
                        "a reused connection that dies within 50 ms had been closing already",
                        s -> s.reused()
                                .start(TWO)
                                .pass(Duration.ofMillis(50))
                                .fin()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease a fresh, reused, COMPLETED"),
                row(
                        "one that dies later may have done the work: the next candidate",
                        s -> s.reused()
                                .start(TWO)
                                .pass(Duration.ofMillis(51))
                                .fin()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "over a slow path it has twice the time of its connect",
                        s -> s.reused()
                                .connectTook(Duration.ofMillis(150))
                                .start(TWO)
                                .pass(Duration.ofMillis(300))
                                .fin()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease a fresh, reused, COMPLETED"),
                row(
                        "and no more than that",
                        s -> s.reused()
                                .connectTook(Duration.ofMillis(150))
                                .start(TWO)
                                .pass(Duration.ofMillis(301))
                                .fin()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "without connect_error in retry_on there is no second request to the same provider",
                        s -> s.reused().start(TWO, on("no_answer")).fin().says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "with an empty retry_on there is no second request at all",
                        s -> s.reused().start(TWO, on()).fin(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "a request that was sent and not answered does not move on by connect_error",
                        s -> s.start(TWO, on("connect_error")).fin(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "one of which no byte was written does",
                        s -> s.writesFail()
                                .start(TWO, on("connect_error"))
                                .reset()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "and does not move on by no_answer",
                        s -> s.writesFail().start(TWO, on("no_answer")).reset(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "a connection that is not ready in time moves on by connect_error too",
                        s -> s.leaseLater()
                                .start(TWO, on("connect_error"))
                                .refuse(failure(Phase.CONNECT, Kind.TIMEOUT))
                                .lease()
                                .says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "an answer that is late does not",
                        s -> s.start(TWO, on("connect_error", "no_answer")).pass(FIRST_BYTE),
                        "",
                        "lease a, closed, 504, UPSTREAM_FAILED"),
                row(
                        "and the fresh one dies too",
                        s -> s.reused().start(TWO).reset().reset().says(FIVE),
                        "200 hello",
                        "lease a, lease a fresh, lease b, reused, COMPLETED"),
                row(
                        "a reused connection dies within the head",
                        s -> s.reused().start().says(FIVE.upTo(1)).fin(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "a malformed head moves on",
                        s -> s.start(TWO).says(head(99).untilClose()).says(FIVE),
                        "200 hello",
                        "lease a, closed, lease b, reused, COMPLETED"),
                row(
                        "half a head moves on, and is no part of the next",
                        s -> s.start(TWO).says(head(200).field("x", "y")).fin().says(FIVE),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "nothing moves on once the head is out",
                        s -> s.start(TWO).says(head(200).length(5)).reset(),
                        "200 ",
                        "lease a, TRUNCATED"));
    }

    /** A refusal of ours as each coding makes it; and one that is about the request, which stays as it came. */
    static Stream<Row> packed() {
        String quota = "{\"error\":{\"code\":\"insufficient_quota\"}}";
        String busy = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}";
        return Stream.of(Packing.values()).flatMap(packing -> {
            Says ours = packed(packing.coding(), pack(packing, quota));
            Says requests = packed(packing.coding(), pack(packing, busy));
            return Stream.of(
                    finallyGets("", packing + " about our account", ours),
                    finallyGets("429 " + pack(packing, busy), packing + " about the request", requests),
                    row(
                            packing + " whose end does not come",
                            s -> s.start().says(ours.without(6)).pass(LOOK),
                            "",
                            "lease a, closed, 502, UPSTREAM_FAILED"));
        });
    }

    private static String pack(Packing packing, String body) {
        return new String(packing.pack(body.getBytes(ISO_8859_1)), ISO_8859_1);
    }

    private static Says packed(String coding, String body) {
        return head(429).field("content-encoding", coding).length(body.length()).text(body);
    }

    private static Row finallyGets(String answer, String name, Says... answers) {
        String[] ids = {"a", "b", "c"};
        String asked = IntStream.range(0, answers.length)
                .mapToObj(i -> "lease " + ids[i] + ", reused, ")
                .collect(Collectors.joining());
        return row(
                name,
                s -> {
                    s.start(Request.PLAIN.candidates(Arrays.copyOf(ids, answers.length)));
                    for (Says each : answers) {
                        s.says(each);
                    }
                },
                answer,
                asked + (answer.isEmpty() ? "502, UPSTREAM_FAILED" : "COMPLETED"));
    }

    private static final String SLOW_DOWN =
            "{\"error\":{\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}";
    private static final String UNPAID = "{\"error\":{\"type\":\"x\",\"code\":\"insufficient_quota\"}}";
    private static final String FILTERED =
            "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"content_filter\"}}";
    private static final String FORBIDDEN = "{\"type\":\"error\",\"error\":{\"type\":\"permission_error\"}}";

    private static Says error(int status, String body) {
        return head(status).field("retry-after", "7").length(body.length()).text(body);
    }

    /** Who is asked next when a request was longer than the model's context window. */
    static Stream<Row> tooLong() {
        Says tooLong = error(400, TOO_LONG);
        Says ok = whole(200, "ok");
        return Stream.of(
                row(
                        "a candidate that holds no more is passed over",
                        s -> s.window("a", 8000)
                                .window("b", 8000)
                                .window("c", 9000)
                                .start(THREE)
                                .says(tooLong)
                                .says(ok),
                        "200 ok",
                        "lease a, reused, lease c, reused, COMPLETED"),
                row(
                        "one of which nobody knows what it holds is asked",
                        s -> s.window("a", 8000)
                                .window("c", 9000)
                                .start(THREE)
                                .says(tooLong)
                                .says(ok),
                        "200 ok",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "the largest window that was too small counts, also after another failure",
                        s -> s.window("a", 8000)
                                .window("b", 200)
                                .window("c", 7000)
                                .window("d", 9000)
                                .start(Request.PLAIN.candidates("a", "e", "b", "c", "d"))
                                .says(tooLong)
                                .says(whole(503, "down"))
                                .says(ok),
                        "200 ok",
                        "lease a, reused, lease e, reused, lease d, reused, COMPLETED"),
                row(
                        "nobody is passed over when the window that was too small is not known",
                        s -> s.window("b", 200).start(TWO).says(tooLong).says(ok),
                        "200 ok",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "the client is told when nobody holds more",
                        s -> s.window("a", 8000).window("b", 8000).start(TWO).says(tooLong),
                        "400 " + TOO_LONG,
                        "lease a, reused, COMPLETED"),
                row(
                        "another 400 passes nobody over",
                        s -> s.window("a", 8000)
                                .window("b", 200)
                                .start(TWO)
                                .says(error(400, FILTERED))
                                .says(ok),
                        "200 ok",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "a policy without 400 moves nobody on",
                        s -> s.window("a", 8000)
                                .window("b", 9000)
                                .start(TWO, on("5xx"))
                                .says(tooLong),
                        "400 " + TOO_LONG,
                        "lease a, reused, COMPLETED"));
    }

    private static final String TOO_LONG = "{\"error\":{\"code\":\"context_length_exceeded\"}}";

    /** Which of several error answers the client gets, and which it never gets. */
    static Stream<Row> best() {
        Says tooLong = error(400, "prompt is too long");
        Says busy = error(429, SLOW_DOWN);
        Says down = error(503, "down");
        Says unpaid = error(429, UNPAID);
        Says filtered = error(403, FILTERED);
        Says forbidden = error(403, FORBIDDEN);
        Says inChunks = head(400).chunked().extendedChunk("no").end();
        String nobody = "";
        return Stream.of(
                finallyGets(
                        "400 prompt is too long",
                        "about the request, rather than that somebody is busy",
                        busy,
                        tooLong,
                        down),
                finallyGets("400 prompt is too long", "about the request, though it came first", tooLong, busy),
                finallyGets("429 " + SLOW_DOWN, "when to come back, rather than that somebody is down", down, busy),
                finallyGets("429 " + SLOW_DOWN, "when to come back, though it came first", busy, down),
                finallyGets("400 x", "the earlier one on a tie", error(400, "x"), error(422, "y")),
                finallyGets("500 x", "the earlier one of two that are down", error(500, "x"), down),
                finallyGets("403 " + FILTERED, "a filter is about the request, and better than nobody", filtered, down),
                finallyGets(
                        "429 " + SLOW_DOWN, "a refused credential is no answer at all", busy, error(401, "no sk-1")),
                finallyGets(nobody, "401 alone", error(401, "wrong key sk-123")),
                finallyGets(nobody, "402 alone", error(402, "pay")),
                finallyGets(nobody, "403 with a type of authentication", forbidden),
                finallyGets(nobody, "429 that is about money", unpaid),
                finallyGets(nobody, "refusals of credentials all over", error(401, "a"), forbidden, unpaid),
                finallyGets("403 " + FILTERED, "403 about the request", filtered),
                finallyGets("403 <html>", "403 that explains nothing", error(403, "<html>")),
                finallyGets("429 " + SLOW_DOWN, "429 that is about speed", busy),
                finallyGets(nobody, "redirects all over", REDIRECT, REDIRECT),
                finallyGets("400 no", "one in chunks, without their extensions", inChunks, down),
                row(
                        "a later connect error does not hide it",
                        s -> s.leaseLater()
                                .start(TWO)
                                .lease()
                                .says(tooLong)
                                .refuse(failure(Phase.CONNECT, Kind.CONNECT_ERROR)),
                        "400 prompt is too long",
                        "lease a, reused, lease b, COMPLETED"),
                row(
                        "nor a later silence",
                        s -> s.start(TWO).says(busy).pass(FIRST_BYTE),
                        "429 " + SLOW_DOWN,
                        "lease a, reused, lease b, closed, COMPLETED"),
                row(
                        "nor a failure that stops here by policy",
                        s -> s.start(THREE, on("429")).says(busy).fin(),
                        "429 " + SLOW_DOWN,
                        "lease a, reused, lease b, COMPLETED"),
                row(
                        "a status that retry_on does not name is compared too",
                        s -> s.start(THREE, on("429")).says(busy).says(down),
                        "429 " + SLOW_DOWN,
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "a success is better than all of them",
                        s -> s.start(TWO).says(tooLong).says(FIVE),
                        "200 hello",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "one that ends with its connection",
                        s -> s.start(TWO)
                                .says(head(400).untilClose().text("no"))
                                .fin()
                                .says(down),
                        "400 no",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "one that is cut off is none",
                        s -> s.start(TWO)
                                .says(head(400).length(9).text("no"))
                                .fin()
                                .says(down),
                        "503 down",
                        "lease a, lease b, reused, COMPLETED"),
                row(
                        "nor is one that is broken, though nobody else is left",
                        s -> s.start().says(head(403).length(9).text("no")).reset(),
                        "",
                        "lease a, 502, UPSTREAM_FAILED"),
                row(
                        "one that is too long to keep is passed on while it comes, when it is the last",
                        s -> s.start()
                                .says(head(429).length(70_000).text("x".repeat(10)))
                                .says(MORE.text("x".repeat(66_000)))
                                .says(MORE.text("x".repeat(3_990))),
                        "429 " + "x".repeat(70_000),
                        "lease a, reused, COMPLETED"),
                row(
                        "one that stalls is passed on too",
                        s -> s.start()
                                .says(head(429).length(4).text("bu"))
                                .pass(LOOK)
                                .says(MORE.text("sy")),
                        "429 busy",
                        "lease a, reused, COMPLETED"),
                row(
                        "one that stalls is not, when it may yet be about our credential",
                        s -> s.start()
                                .says(head(429).length(99).text("{\"error\":{\"message\":\"sk-1"))
                                .pass(LOOK),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"),
                row(
                        "nor one that is too long, when its first part is",
                        s -> s.start().says(head(403).length(70_000)).says(MORE.text(FORBIDDEN + " ".repeat(66_000))),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"),
                row(
                        "nor one that is packed in a way that cannot be undone",
                        s -> s.start().says(packed("br", "??")),
                        "",
                        "lease a, reused, 502, UPSTREAM_FAILED"),
                row(
                        "one for which there is no room does not drive out what is kept",
                        s -> s.start(THREE)
                                .says(down)
                                .says(error(400, "x".repeat(990)))
                                .fin(),
                        "503 down",
                        "lease a, reused, lease b, reused, lease c, COMPLETED"),
                row(
                        "what is kept makes room once another answer is the client's",
                        s -> {
                            s.start(TWO).says(tooLong).says(CHUNKED.chunk("hello"));
                            assertThat(s.kept.take(1000)).isTrue();
                            s.says(MORE.end());
                        },
                        "200 hello",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "one for which there is no room is not kept",
                        s -> s.start(TWO).says(error(400, "x".repeat(990))).says(down),
                        "503 down",
                        "lease a, reused, lease b, reused, COMPLETED"),
                row(
                        "what is kept goes when the client does",
                        s -> s.start(TWO).says(tooLong).clientLeaves(),
                        "",
                        "lease a, reused, lease b, closed, CLIENT_CANCELLED"),
                row(
                        "so does what is being read",
                        s -> s.start(TWO).says(head(400).length(9).text("no")).clientLeaves(),
                        "",
                        "lease a, closed, CLIENT_CANCELLED"),
                row(
                        "a body that is broken from the start is no answer: somebody else may have one",
                        s -> s.start(TWO).says(CHUNKED.chunk(5, "hello!").end()).says(FIVE),
                        "200 hello",
                        "lease a, closed, lease b, reused, COMPLETED"),
                row(
                        "and nothing of it is the client's when nobody has",
                        s -> s.start().says(SSE.chunk(EVENT).badChunk()),
                        "",
                        "lease a, closed, 502, UPSTREAM_FAILED"));
    }

    static Stream<Row> deadlines() {
        return Stream.of(
                row("no first byte", s -> s.start().pass(FIRST_BYTE), "", "lease a, closed, 504, UPSTREAM_FAILED"),
                row(
                        "no first byte, but another candidate",
                        s -> s.start(TWO).pass(FIRST_BYTE).says(FIVE),
                        "200 hello",
                        "lease a, closed, lease b, reused, COMPLETED"),
                row(
                        "fault 86: a head in drips",
                        s -> s.start()
                                .says(FIVE.upTo(4))
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .says(FIVE.from(4).upTo(6))
                                .pass(MOMENT),
                        "",
                        "lease a, closed, 504, UPSTREAM_FAILED"),
                row(
                        "the wait begins when the request has left",
                        s -> s.start()
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .requestDrained()
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .says(FIVE),
                        "200 hello",
                        "lease a, reused, COMPLETED"),
                row(
                        "a stream that falls silent",
                        s -> s.start()
                                .says(CHUNKED.chunk("x"))
                                .pass(IDLE.minus(MOMENT))
                                .says(MORE.chunk("y"))
                                .pass(IDLE.minus(MOMENT))
                                .says(MORE.chunk("z"))
                                .pass(IDLE),
                        "200 xyz",
                        "lease a, closed, TRUNCATED"),
                row(
                        "no timer of one exchange ends the next",
                        s -> s.start()
                                .says(FIVE)
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .start()
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .says(FIVE),
                        "200 hello\n200 hello",
                        "lease a, reused, COMPLETED, lease a, reused, COMPLETED"),
                row(
                        "an error whose body stalls is waited for two seconds",
                        s -> s.start(TWO)
                                .says(head(500).length(9).text("x"))
                                .pass(LOOK)
                                .says(FIVE),
                        "200 hello",
                        "lease a, closed, lease b, reused, COMPLETED"),
                row(
                        "a discarded answer that never ends does not keep its connection",
                        s -> s.start(TWO)
                                .says(head(401).length(9).text("x"))
                                .says(FIVE)
                                .pass(LOOK),
                        "200 hello",
                        "lease a, lease b, reused, COMPLETED, closed"));
    }

    private static final String ERROR = "{\"message\":\"The provider's answer broke off.\",\"type\":\"server_error\","
            + "\"param\":null,\"code\":\"upstream_error\"}";

    /** Answers that break off: no end is ever made up for them, and an error event comes only where it can be read. */
    static Stream<Row> broken() {
        String chatError = "data: {\"error\":" + ERROR + "}\n\n";
        String responsesError = "event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_error\","
                + "\"message\":\"The provider's answer broke off.\",\"param\":null,\"error\":" + ERROR + "}\n\n";
        return Stream.of(
                row("within a length", s -> s.start().says(FIVE.without(1)).fin(), "200 hell", "lease a, TRUNCATED"),
                row(
                        "reset where only an orderly end would do",
                        s -> s.start()
                                .says(head(200).untilClose().text("hello"))
                                .reset(),
                        "200 hello",
                        "lease a, TRUNCATED"),
                row(
                        "a chunk that lies about its size",
                        s -> s.start()
                                .says(CHUNKED)
                                .says(MORE.chunk(5, "hello!").end()),
                        "200 hello",
                        "lease a, closed, TRUNCATED"),
                row(
                        "a stream, between events",
                        s -> s.start().says(SSE.chunk(EVENT)).fin(),
                        "200 " + EVENT + chatError,
                        "lease a, TRUNCATED"),
                row(
                        "a stream, before its first event",
                        s -> s.start().says(SSE).reset(),
                        "200 " + chatError,
                        "lease a, TRUNCATED"),
                row(
                        "a stream of the responses API",
                        s -> s.start(Request.PLAIN.to(StandardOperations.RESPONSES))
                                .says(SSE.chunk(EVENT))
                                .fin(),
                        "200 " + EVENT + responsesError,
                        "lease a, TRUNCATED"),
                row(
                        "a stream whose next chunk is malformed",
                        s -> s.start().says(SSE.chunk(EVENT)).says(MORE.badChunk()),
                        "200 " + EVENT + chatError,
                        "lease a, closed, TRUNCATED"),
                row(
                        "a stream, within an event",
                        s -> s.start().says(SSE.chunk("data: ")).fin(),
                        "200 data: ",
                        "lease a, TRUNCATED"),
                row(
                        "a stream, within a chunk",
                        s -> s.start().says(SSE.chunk(EVENT).part(6, "da")).fin(),
                        "200 " + EVENT + "da",
                        "lease a, TRUNCATED"),
                row(
                        "a stream that had said its last word",
                        s -> s.start().says(SSE.chunk("data: [DONE]\n\n")).fin(),
                        "200 data: [DONE]\n\n",
                        "lease a, TRUNCATED"),
                row(
                        "a compressed stream",
                        s -> s.start()
                                .says(head(200)
                                        .events()
                                        .field("content-encoding", "gzip")
                                        .chunked()
                                        .chunk(EVENT))
                                .fin(),
                        "200 " + EVENT,
                        "lease a, TRUNCATED"),
                row(
                        "a stream of known length",
                        s -> s.start()
                                .says(head(200).events().length(99).text("data: x\n\n"))
                                .fin(),
                        "200 data: x\n\n",
                        "lease a, TRUNCATED"),
                row(
                        "a defect before the answer",
                        s -> s.start().thrown(new IllegalStateException("test")),
                        "",
                        "lease a, closed, 500, GATEWAY_ERROR"),
                row(
                        "a defect within the answer",
                        s -> s.start().says(CHUNKED.chunk("x")).thrown(new IllegalStateException("test")),
                        "200 x",
                        "lease a, closed, GATEWAY_ERROR"));
    }

    /** Trap 28 in each phase that is ours, and trap 60. */
    static Stream<Row> leaving() {
        return Stream.of(
                row(
                        "while a connection is awaited",
                        s -> s.leaseLater().start().clientLeaves(),
                        "",
                        "lease a, cancelled, CLIENT_CANCELLED"),
                row("before the first byte", s -> s.start().clientLeaves(), "", "lease a, closed, CLIENT_CANCELLED"),
                row(
                        "within the head",
                        s -> s.start().says(head(200).text("x")).clientLeaves(),
                        "",
                        "lease a, closed, CLIENT_CANCELLED"),
                row(
                        "within the body",
                        s -> s.start().says(CHUNKED.chunk("x")).clientLeaves(),
                        "200 x",
                        "lease a, closed, CLIENT_CANCELLED"),
                row(
                        "after the last byte",
                        s -> s.start().says(FIVE).clientLeaves(),
                        "200 hello",
                        "lease a, reused, COMPLETED"));
    }

    /** Traps 19 to 21, and the two clocks that take turns. */
    static Stream<Row> pressure() {
        return Stream.of(
                row(
                        "an unwritable client stops the reading",
                        s -> s.start()
                                .says(CHUNKED.chunk("x"))
                                .clientWritable(false)
                                .clientWritable(true)
                                .says(MORE.end()),
                        "200 x",
                        "lease a, pause, resume, reused, COMPLETED"),
                row(
                        "one that was unwritable before stops it too",
                        s -> s.start()
                                .clientWritable(false)
                                .says(CHUNKED)
                                .clientWritable(true)
                                .says(MORE.end()),
                        "200 ",
                        "lease a, pause, resume, reused, COMPLETED"),
                row(
                        "trap 20: what comes all the same is passed on",
                        s -> s.start()
                                .says(CHUNKED)
                                .clientWritable(false)
                                .says(MORE.chunk("x").end()),
                        "200 x",
                        "lease a, pause, reused, COMPLETED"),
                row(
                        "trap 21: an unwritable client is given up in the end",
                        s -> s.start().says(CHUNKED).clientWritable(false).pass(STALL),
                        "200 ",
                        "lease a, pause, closed, CLIENT_CANCELLED"),
                row(
                        "a slow client is not given up while it takes something",
                        s -> s.slowClient()
                                .start()
                                .says(MANY)
                                .pass(STALL.minus(MOMENT))
                                .clientTakes(1)
                                .pass(MOMENT)
                                .pass(STALL.minus(MOMENT))
                                .clientTakes(1)
                                .pass(MOMENT)
                                .says(MORE.text("y"))
                                .pass(STALL),
                        "200 " + MUCH + "y",
                        "lease a, pause, closed, CLIENT_CANCELLED"),
                row(
                        "a client that takes a byte now and then is given up after ten periods",
                        s -> {
                            s.slowClient().start().says(MANY);
                            for (int period = 0; period < 10; period++) {
                                s.clientTakes(1).pass(STALL);
                            }
                            s.says(MORE.text("y")).clientTakes(1).pass(STALL);
                        },
                        "200 " + MUCH + "y",
                        "lease a, pause, closed, CLIENT_CANCELLED"),
                row(
                        "a client that takes enough to be writable again has ten more",
                        s -> {
                            s.slowClient().start().says(MORE_YET);
                            for (int period = 0; period < 10; period++) {
                                s.clientTakes(1).pass(STALL);
                            }
                            s.clientTakes(2L * MUCH.length()).says(MORE.text("z".repeat(90_000)));
                            for (int period = 0; period < 10; period++) {
                                s.clientTakes(1).pass(STALL);
                            }
                            s.says(MORE.text("y"));
                        },
                        "200 " + MUCH + "z".repeat(90_000) + "y",
                        "lease a, pause, resume, pause"),
                row(
                        "the provider's clock stands still meanwhile",
                        s -> s.start()
                                .says(CHUNKED)
                                .pass(IDLE.minus(MOMENT))
                                .clientWritable(false)
                                .pass(STALL.minus(MOMENT))
                                .clientWritable(true)
                                .pass(IDLE.minus(MOMENT))
                                .says(MORE.end()),
                        "200 ",
                        "lease a, pause, resume, reused, COMPLETED"));
    }
}
