package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.http.Packing;
import io.costoptimal.gateway.splice.Scene.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a client that speaks HTTP/1 gets of providers' answers, byte for byte; see {@link RelayTest} for all the rest. */
class Http1AnswersTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String FIVE = OK + "content-length: 5\r\n\r\nhello";
    private static final String CHUNKED = OK + "transfer-encoding: chunked\r\n\r\n";
    private static final String SSE = OK + "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String EVENT = "f\r\ndata: {\"a\":1}\n\n\r\n";

    /** More than a client's connection takes before it is unwritable, and not all of its body. */
    private static final String MANY = OK + "content-length: 99999\r\n\r\n" + "x".repeat(90_000);

    private static final String MORE = MANY.replace("99999", "999999");

    private static final Duration STALL = Duration.ofSeconds(60);
    private static final Duration MOMENT = Duration.ofMillis(1);

    private record Row(String name, Consumer<Scene> events, String client, String... log) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Row row(String name, Consumer<Scene> events, String client, String... log) {
        return new Row(name, events, client, log);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"whole", "heads", "versions", "errors", "packed", "broken", "pressure"})
    void gets(Row row) {
        Scene scene = new Scene(Scene.Kind.HTTP1);
        try (scene) {
            row.events.accept(scene);
            assertThat(scene.received()).isEqualTo(row.client);
            assertThat(scene.log).containsExactly(row.log);
        }
    }

    static Stream<Row> whole() {
        return Stream.of(
                row("a body of known length", s -> s.start().receive(FIVE), FIVE, "lease a", "reused", "COMPLETED"),
                row(
                        "a chunked body with trailers, in two reads",
                        s -> s.start().receive(CHUNKED + "5\r\nhe").receive("llo\r\n0\r\nx: y\r\n\r\n"),
                        CHUNKED + "5\r\nhello\r\n0\r\nx: y\r\n\r\n",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "an empty body",
                        s -> s.start().receive(OK + "content-length: 0\r\n\r\n"),
                        OK + "content-length: 0\r\n\r\n",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "a body that ends with the connection",
                        s -> s.start().receive(OK + "\r\nhello").fin(),
                        OK + "connection: close\r\n\r\nhello",
                        "lease a",
                        "COMPLETED"),
                row(
                        "an empty body that ends with the connection",
                        s -> s.start().receive(OK + "\r\n").fin(),
                        OK + "connection: close\r\n\r\n",
                        "lease a",
                        "COMPLETED"),
                row(
                        "trap 1: the answer ends before the request is written",
                        s -> s.start().written(false).receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "trap 8: bytes behind the length",
                        s -> s.start().receive(FIVE + "HTTP/1.1 200 OK"),
                        FIVE,
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "bytes behind the last chunk",
                        s -> s.start().receive(CHUNKED + "0\r\n\r\n\r\n"),
                        CHUNKED + "0\r\n\r\n",
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "the provider closes after this answer",
                        s -> s.start().receive(OK + "connection: close\r\ncontent-length: 2\r\n\r\nok"),
                        OK + "content-length: 2\r\n\r\nok",
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "the provider speaks HTTP/1.0",
                        s -> s.start().receive("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok"),
                        OK + "content-length: 2\r\n\r\nok",
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "that nothing has changed is an answer to GET",
                        s -> s.start(Request.PLAIN.method("GET")).receive("HTTP/1.1 304 NM\r\netag: x\r\n\r\n"),
                        "HTTP/1.1 304 NM\r\netag: x\r\n\r\n",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "two exchanges on one connection",
                        s -> s.start().receive(FIVE).start().receive(FIVE),
                        FIVE + FIVE,
                        "lease a",
                        "reused",
                        "COMPLETED",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "an error in chunks that is kept, without their extensions",
                        s -> s.start(Request.PLAIN.candidates("a", "b"))
                                .receive("HTTP/1.1 400 E\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\nno\r\n0\r\n\r\n")
                                .receive("HTTP/1.1 503 E\r\ncontent-length: 4\r\n\r\ndown"),
                        "HTTP/1.1 400 E\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n",
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "an error that is kept and ends with its connection",
                        s -> s.start(Request.PLAIN.candidates("a", "b"))
                                .receive("HTTP/1.1 400 E\r\n\r\nno")
                                .fin()
                                .receive("HTTP/1.1 503 E\r\ncontent-length: 4\r\n\r\ndown"),
                        "HTTP/1.1 400 E\r\nconnection: close\r\n\r\nno",
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"));
    }

    /** Bodiless answers and interim ones: traps 2 to 4 and 45, faults 80, 81, 83 and 84. */
    static Stream<Row> heads() {
        String bodiless = "content-length: 5\r\n\r\n";
        return Stream.of(
                row(
                        "HEAD with a length",
                        s -> s.start(Request.PLAIN.method("HEAD")).receive(OK + bodiless),
                        OK + bodiless,
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "HEAD with a body after all",
                        s -> s.start(Request.PLAIN.method("HEAD")).receive(FIVE),
                        OK + bodiless,
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "HEAD, chunked, after an interim answer",
                        s -> s.start(Request.PLAIN.method("HEAD"))
                                .receive("HTTP/1.1 103 Early\r\n\r\n")
                                .receive(CHUNKED),
                        OK + "\r\n",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "204 with a length",
                        s -> s.start().receive("HTTP/1.1 204 No Content\r\n" + bodiless),
                        "HTTP/1.1 204 No Content\r\n\r\n",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "304 with a body after all",
                        s -> s.start(Request.PLAIN.method("GET")).receive("HTTP/1.1 304 NM\r\n" + bodiless + "hello"),
                        "HTTP/1.1 304 NM\r\n" + bodiless,
                        "lease a",
                        "closed",
                        "COMPLETED"),
                row(
                        "trap 2: interim answers are not the answer",
                        s -> s.start()
                                .receive("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 E\r\nx: y\r\n\r\n")
                                .receive("HTTP/1.1 102 P\r\ncontent-length: 3\r\n\r\n" + FIVE),
                        FIVE,
                        "lease a",
                        "reused",
                        "COMPLETED"));
    }

    /** Clients that close, and clients of HTTP/1.0: trap 46. */
    static Stream<Row> versions() {
        return Stream.of(
                row(
                        "a client that closes is told so",
                        s -> s.start(Request.PLAIN.close()).receive(FIVE),
                        OK + "content-length: 5\r\nconnection: close\r\n\r\nhello",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "1.0 with keep-alive and a known length",
                        s -> s.start(Request.PLAIN.http10(true)).receive(FIVE),
                        OK + "content-length: 5\r\nconnection: keep-alive\r\n\r\nhello",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "1.0 gets chunks without their framing and trailers, and a close",
                        s -> s.start(Request.PLAIN.http10(true))
                                .receive(CHUNKED + "5\r\nhel")
                                .receive("lo\r")
                                .receive("\n1\r\n!\r\n0\r\nx: y\r\n\r\n"),
                        OK + "connection: close\r\n\r\nhello!",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "1.0 and a broken chunk",
                        s -> s.start(Request.PLAIN.http10(true))
                                .receive(CHUNKED + "5\r\nhello\r\n")
                                .receive("5x\r\n"),
                        OK + "connection: close\r\n\r\nhello",
                        "lease a",
                        "closed",
                        "TRUNCATED"));
    }

    private static String error(int status, String body) {
        return "HTTP/1.1 " + status + " E\r\nretry-after: 7\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    private static Row gets(String answer, String name, String... answers) {
        String[] ids = {"a", "b", "c"};
        List<String> log = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            log.addAll(List.of("lease " + ids[i], "reused"));
        }
        log.add("COMPLETED");
        return row(
                name,
                s -> {
                    s.start(Request.PLAIN.candidates(Arrays.copyOf(ids, answers.length)));
                    for (String each : answers) {
                        s.receive(each);
                    }
                },
                answer,
                log.toArray(String[]::new));
    }

    /** Errors that were read before it was known that they are the client's: with all their fields. */
    static Stream<Row> errors() {
        Request two = Request.PLAIN.candidates("a", "b");
        String long400 = error(400, "prompt is too long");
        String busy = error(429, "{\"error\":{\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}");
        String down = error(503, "down");
        String filtered = error(403, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"content_filter\"}}");
        return Stream.of(
                gets(long400, "about the request, rather than that somebody is busy", busy, long400, down),
                gets(long400, "about the request, though it came first", long400, busy),
                gets(busy, "when to come back, rather than that somebody is down", down, busy),
                gets(busy, "when to come back, though it came first", busy, down),
                gets(error(400, "x"), "the earlier one on a tie", error(400, "x"), error(422, "y")),
                gets(error(500, "x"), "the earlier one of two that are down", error(500, "x"), down),
                gets(filtered, "a filter is about the request, and better than nobody", filtered, down),
                gets(busy, "a refused credential is no answer at all", busy, error(401, "no sk-123")),
                gets(filtered, "403 about the request", filtered),
                gets(error(403, "<html>"), "403 that explains nothing", error(403, "<html>")),
                gets(busy, "429 that is about speed", busy),
                row(
                        "a later connect error does not hide it",
                        s -> s.leaseLater()
                                .start(two)
                                .lease()
                                .receive(long400)
                                .refuse(new UpstreamFailure(Phase.CONNECT, Kind.CONNECT_ERROR, "test")),
                        long400,
                        "lease a",
                        "reused",
                        "lease b",
                        "COMPLETED"),
                row(
                        "one that is too long to keep is passed on while it comes, when it is the last",
                        s -> s.start()
                                .receive("HTTP/1.1 429 E\r\ncontent-length: 70000\r\n\r\n" + "x".repeat(10))
                                .receive("x".repeat(66_000))
                                .receive("x".repeat(3_990)),
                        "HTTP/1.1 429 E\r\ncontent-length: 70000\r\n\r\n" + "x".repeat(70_000),
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "one that stalls is passed on too",
                        s -> s.start()
                                .receive("HTTP/1.1 429 E\r\ncontent-length: 4\r\n\r\nbu")
                                .pass(Duration.ofSeconds(2))
                                .receive("sy"),
                        "HTTP/1.1 429 E\r\ncontent-length: 4\r\n\r\nbusy",
                        "lease a",
                        "reused",
                        "COMPLETED"));
    }

    /** What is about the request stays packed as it came. */
    static Stream<Row> packed() {
        String busy = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}";
        return Stream.of(Packing.values()).map(packing -> {
            String body = new String(packing.pack(busy.getBytes(ISO_8859_1)), ISO_8859_1);
            String answer = "HTTP/1.1 429 E\r\ncontent-encoding: " + packing.coding() + "\r\ncontent-length: "
                    + body.length() + "\r\n\r\n" + body;
            return gets(answer, packing + " about the request", answer);
        });
    }

    private static String errorChunk(String event) {
        return Integer.toHexString(event.length()) + "\r\n" + event + "\r\n";
    }

    private static final String ERROR = "{\"message\":\"The provider's answer broke off.\",\"type\":\"server_error\","
            + "\"param\":null,\"code\":\"upstream_error\"}";

    /** Answers that break off: no end is ever made up for them, and an error event comes only where it can be read. */
    static Stream<Row> broken() {
        String chatError = errorChunk("data: {\"error\":" + ERROR + "}\n\n");
        String responsesError = errorChunk("event: error\ndata: {\"type\":\"error\",\"code\":\"upstream_error\","
                + "\"message\":\"The provider's answer broke off.\",\"param\":null,\"error\":" + ERROR + "}\n\n");
        return Stream.of(
                row(
                        "within a length",
                        s -> s.start()
                                .receive(FIVE.substring(0, FIVE.length() - 1))
                                .fin(),
                        FIVE.substring(0, FIVE.length() - 1),
                        "lease a",
                        "TRUNCATED"),
                row(
                        "reset where only an orderly end would do",
                        s -> s.start().receive(OK + "\r\nhello").reset(),
                        OK + "connection: close\r\n\r\nhello",
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a chunk that lies about its size",
                        s -> s.start().receive(CHUNKED).receive("5\r\nhello!\r\n0\r\n\r\n"),
                        CHUNKED + "5\r\nhello",
                        "lease a",
                        "closed",
                        "TRUNCATED"),
                row(
                        "a stream, between events",
                        s -> s.start().receive(SSE + EVENT).fin(),
                        SSE + EVENT + chatError,
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a stream, before its first event",
                        s -> s.start().receive(SSE).reset(),
                        SSE + chatError,
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a stream of the responses API",
                        s -> s.start(Request.PLAIN.to(StandardOperations.RESPONSES))
                                .receive(SSE + EVENT)
                                .fin(),
                        SSE + EVENT + responsesError,
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a stream whose next chunk is malformed",
                        s -> s.start().receive(SSE + EVENT).receive("zz\r\n"),
                        SSE + EVENT + chatError,
                        "lease a",
                        "closed",
                        "TRUNCATED"),
                row(
                        "a stream, within an event",
                        s -> s.start().receive(SSE + "6\r\ndata: \r\n").fin(),
                        SSE + "6\r\ndata: \r\n",
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a stream, within a chunk",
                        s -> s.start().receive(SSE + EVENT + "6\r\nda").fin(),
                        SSE + EVENT + "6\r\nda",
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a stream that had said its last word",
                        s -> s.start()
                                .receive(SSE + "e\r\ndata: [DONE]\n\n\r\n")
                                .fin(),
                        SSE + "e\r\ndata: [DONE]\n\n\r\n",
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a compressed stream",
                        s -> s.start()
                                .receive(SSE.replace("\r\n\r\n", "\r\ncontent-encoding: gzip\r\n\r\n") + EVENT)
                                .fin(),
                        OK + "content-type: text/event-stream\r\ncontent-encoding: gzip\r\n"
                                + "transfer-encoding: chunked\r\n\r\n" + EVENT,
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a stream of known length",
                        s -> s.start()
                                .receive(
                                        OK + "content-type: text/event-stream\r\ncontent-length: 99\r\n\r\ndata: x\n\n")
                                .fin(),
                        OK + "content-type: text/event-stream\r\ncontent-length: 99\r\n\r\ndata: x\n\n",
                        "lease a",
                        "TRUNCATED"),
                row(
                        "a defect within the answer",
                        s -> s.start().receive(CHUNKED + "1\r\nx\r\n").thrown(new IllegalStateException("test")),
                        CHUNKED + "1\r\nx\r\n",
                        "lease a",
                        "closed",
                        "GATEWAY_ERROR"),
                row(
                        "the transport breaks",
                        s -> s.start().thrown(new IOException("reset")),
                        "",
                        "lease a",
                        "closed",
                        "CLIENT_CANCELLED"));
    }

    /** A client is slow by what its connection has queued and taken. */
    static Stream<Row> pressure() {
        return Stream.of(
                row(
                        "a slow client is not given up while it takes something",
                        s -> s.slowClient()
                                .start()
                                .receive(MANY)
                                .pass(STALL.minus(MOMENT))
                                .clientTakes(1)
                                .pass(MOMENT)
                                .pass(STALL.minus(MOMENT))
                                .clientTakes(1)
                                .pass(MOMENT)
                                .receive("y")
                                .pass(STALL),
                        MANY + "y",
                        "lease a",
                        "pause",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "a client that takes a byte now and then is given up after ten periods",
                        s -> {
                            s.slowClient().start().receive(MANY);
                            for (int period = 0; period < 10; period++) {
                                s.clientTakes(1).pass(STALL);
                            }
                            s.receive("y").clientTakes(1).pass(STALL);
                        },
                        MANY + "y",
                        "lease a",
                        "pause",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "a client that takes enough to be writable again has ten more",
                        s -> {
                            s.slowClient().start().receive(MORE);
                            for (int period = 0; period < 10; period++) {
                                s.clientTakes(1).pass(STALL);
                            }
                            s.clientTakes(2 * MORE.length()).receive("z".repeat(90_000));
                            for (int period = 0; period < 10; period++) {
                                s.clientTakes(1).pass(STALL);
                            }
                            s.receive("y");
                        },
                        MORE + "z".repeat(90_000) + "y",
                        "lease a",
                        "pause",
                        "resume",
                        "pause"));
    }
}
