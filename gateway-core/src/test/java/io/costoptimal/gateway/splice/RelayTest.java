package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.RetryOn;
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

/**
 * The relay's machine as a table: what happens, what the client gets, and what becomes of provider and exchange. A bug is
 * fixed by a row that fails first.
 */
class RelayTest {

    private static final String OK = "HTTP/1.1 200 OK\r\n";
    private static final String FIVE = OK + "content-length: 5\r\n\r\nhello";
    private static final String CHUNKED = OK + "transfer-encoding: chunked\r\n\r\n";
    private static final String SSE = OK + "content-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    private static final String EVENT = "f\r\ndata: {\"a\":1}\n\n\r\n";
    private static final String REDIRECT = "HTTP/1.1 307 T\r\nlocation: http://x/\r\ncontent-length: 0\r\n\r\n";
    private static final String BUSY = "HTTP/1.1 429 Too Many Requests\r\ncontent-length: 4\r\n\r\nbusy";

    /** More than a client's connection takes before it is unwritable, and not all of its body. */
    private static final String MANY = OK + "content-length: 99999\r\n\r\n" + "x".repeat(90_000);

    private static final String MORE = MANY.replace("99999", "999999");

    private static final Duration FIRST_BYTE = Scene.FIRST_BYTE;
    private static final Duration IDLE = Duration.ofSeconds(300);
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
    @MethodSource({
        "whole",
        "heads",
        "versions",
        "failover",
        "best",
        "packed",
        "deadlines",
        "broken",
        "leaving",
        "pressure"
    })
    void does(Row row) {
        Scene scene = new Scene();
        try (scene) {
            row.events.accept(scene);
            assertThat(scene.client).hasToString(row.client);
            assertThat(scene.log).containsExactly(row.log);
        }
    }

    /** Whole answers, and when their connection serves again. */
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
                        "a redirect is no answer, and nobody is sent elsewhere with a key",
                        s -> s.start().receive(REDIRECT),
                        "",
                        "lease a",
                        "reused",
                        "502",
                        "UPSTREAM_FAILED"),
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
                        "COMPLETED"),
                row(
                        "too many interim answers",
                        s -> s.start().receive("HTTP/1.1 103 E\r\n\r\n".repeat(9) + FIVE),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "trap 4: 101 to a request that asked for no upgrade",
                        s -> s.start().receive("HTTP/1.1 101 S\r\nupgrade: x\r\n\r\n" + FIVE),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "not HTTP",
                        s -> s.start().receive("SSH-2.0-x\r\n"),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "length and chunks",
                        s -> s.start().receive(OK + "content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n"),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "another coding",
                        s -> s.start().receive(OK + "transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "a head longer than the limit",
                        s -> s.start().receive(OK + "x: " + "y".repeat(32 * 1024)),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"));
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

    private static UpstreamFailure failure(Phase phase, Kind kind) {
        return new UpstreamFailure(phase, kind, "test");
    }

    /** Failover happens before the first byte and nowhere else. */
    static Stream<Row> failover() {
        Request two = Request.PLAIN.candidates("a", "b");
        UpstreamFailure refused = failure(Phase.CONNECT, Kind.CONNECT_ERROR);
        return Stream.of(
                row(
                        "a status of retry_on moves on, and a short body keeps the connection",
                        s -> s.start(two).receive(BUSY).receive(FIVE),
                        FIVE,
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "the last candidate's answer is the answer",
                        s -> s.start(two).receive(BUSY).receive(BUSY),
                        BUSY,
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "a status that retry_on does not name is the answer",
                        s -> s.start(two, RetryOn.parse(List.of("5xx"))).receive(BUSY),
                        BUSY,
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "a long body is not waited for",
                        s -> s.start(two)
                                .receive("HTTP/1.1 500 E\r\ncontent-length: 65537\r\n\r\n")
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "one that ends with its connection ends",
                        s -> s.start(two)
                                .receive("HTTP/1.1 500 E\r\n\r\nx")
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "surplus behind a dropped answer",
                        s -> s.start(two).receive(BUSY + "x").receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "connect error, then an answer",
                        s -> s.leaseLater().start(two).refuse(refused).lease().receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "connect error, and nobody else",
                        s -> s.leaseLater().start().refuse(refused),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "connect error, and retry_on without it",
                        s -> s.leaseLater()
                                .start(two, RetryOn.parse(List.of("timeout")))
                                .refuse(refused),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "connect timeout, and nobody else",
                        s -> s.leaseLater().start().refuse(failure(Phase.CONNECT, Kind.TIMEOUT)),
                        "",
                        "lease a",
                        "504",
                        "UPSTREAM_FAILED"),
                row(
                        "the pool's own limit",
                        s -> s.leaseLater().start().refuse(failure(Phase.LEASE, Kind.TIMEOUT)),
                        "",
                        "lease a",
                        "503",
                        "UPSTREAM_FAILED"),
                row(
                        "a new connection dies without an answer",
                        s -> s.start(two).fin().receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "trap 6: a reused connection dies without an answer",
                        s -> s.reused().start(two).fin().receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease a fresh",
                        "reused",
                        "COMPLETED"),
                row(
                        "a reused connection that dies within 50 ms had been closing already",
                        s -> s.reused()
                                .start(two)
                                .pass(Duration.ofMillis(50))
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease a fresh",
                        "reused",
                        "COMPLETED"),
                row(
                        "one that dies later may have done the work: the next candidate",
                        s -> s.reused()
                                .start(two)
                                .pass(Duration.ofMillis(51))
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "over a slow path it has twice the time of its connect",
                        s -> s.reused()
                                .connectTook(Duration.ofMillis(150))
                                .start(two)
                                .pass(Duration.ofMillis(300))
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease a fresh",
                        "reused",
                        "COMPLETED"),
                row(
                        "and no more than that",
                        s -> s.reused()
                                .connectTook(Duration.ofMillis(150))
                                .start(two)
                                .pass(Duration.ofMillis(301))
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "without connect_error in retry_on there is no second request to the same provider",
                        s -> s.reused()
                                .start(two, RetryOn.parse(List.of("no_answer")))
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "with an empty retry_on there is no second request at all",
                        s -> s.reused().start(two, RetryOn.parse(List.of())).fin(),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "a request that was sent and not answered does not move on by connect_error",
                        s -> s.start(two, RetryOn.parse(List.of("connect_error")))
                                .fin(),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "one of which no byte was written does",
                        s -> s.writesFail()
                                .start(two, RetryOn.parse(List.of("connect_error")))
                                .reset()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "and does not move on by no_answer",
                        s -> s.writesFail()
                                .start(two, RetryOn.parse(List.of("no_answer")))
                                .reset(),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "a connection that is not ready in time moves on by connect_error too",
                        s -> s.leaseLater()
                                .start(two, RetryOn.parse(List.of("connect_error")))
                                .refuse(failure(Phase.CONNECT, Kind.TIMEOUT))
                                .lease()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "an answer that is late does not",
                        s -> s.start(two, RetryOn.parse(List.of("connect_error", "no_answer")))
                                .pass(FIRST_BYTE),
                        "",
                        "lease a",
                        "closed",
                        "504",
                        "UPSTREAM_FAILED"),
                row(
                        "and the fresh one dies too",
                        s -> s.reused().start(two).reset().reset().receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease a fresh",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "a reused connection dies within the head",
                        s -> s.reused().start().receive("H").fin(),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "a malformed head moves on",
                        s -> s.start(two).receive("HTTP/1.1 99 X\r\n\r\n").receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "half a head moves on, and is no part of the next",
                        s -> s.start(two)
                                .receive("HTTP/1.1 200 OK\r\nx: y\r\n")
                                .fin()
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "nothing moves on once the head is out",
                        s -> s.start(two)
                                .receive(OK + "content-length: 5\r\n\r\n")
                                .reset(),
                        OK + "content-length: 5\r\n\r\n",
                        "lease a",
                        "TRUNCATED"));
    }

    private static String error(int status, String body) {
        return "HTTP/1.1 " + status + " E\r\nretry-after: 7\r\ncontent-length: " + body.length() + "\r\n\r\n" + body;
    }

    /** A refusal of ours as each coding makes it; and one that is about the request, which stays as it came. */
    static Stream<Row> packed() {
        String quota = "{\"error\":{\"code\":\"insufficient_quota\"}}";
        String busy = "{\"error\":{\"code\":\"rate_limit_exceeded\"}}";
        return Stream.of(Packing.values()).flatMap(packing -> {
            String ours = pack(packing, quota);
            String requests = pack(packing, busy);
            String cut = ours.substring(0, ours.length() - 6);
            return Stream.of(
                    finallyGets("", packing + " about our account", ours),
                    finallyGets(requests, packing + " about the request", requests),
                    row(
                            packing + " whose end does not come",
                            s -> s.start().receive(cut).pass(Duration.ofSeconds(2)),
                            "",
                            "lease a",
                            "closed",
                            "502",
                            "UPSTREAM_FAILED"));
        });
    }

    private static String pack(Packing packing, String body) {
        return packed(packing.coding(), new String(packing.pack(body.getBytes(ISO_8859_1)), ISO_8859_1));
    }

    private static String packed(String coding, String body) {
        return "HTTP/1.1 429 E\r\ncontent-encoding: " + coding + "\r\ncontent-length: " + body.length() + "\r\n\r\n"
                + body;
    }

    private static Row finallyGets(String answer, String name, String... answers) {
        String[] ids = {"a", "b", "c"};
        List<String> log = new ArrayList<>();
        for (int i = 0; i < answers.length; i++) {
            log.addAll(List.of("lease " + ids[i], "reused"));
        }
        log.addAll(answer.isEmpty() ? List.of("502", "UPSTREAM_FAILED") : List.of("COMPLETED"));
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

    /** Which of several error answers the client gets, and which it never gets. */
    static Stream<Row> best() {
        Request two = Request.PLAIN.candidates("a", "b");
        String long400 = error(400, "prompt is too long");
        String busy = error(429, "{\"error\":{\"type\":\"rate_limit_error\",\"code\":\"rate_limit_exceeded\"}}");
        String down = error(503, "down");
        String unpaid = error(429, "{\"error\":{\"type\":\"x\",\"code\":\"insufficient_quota\"}}");
        String filtered = error(403, "{\"error\":{\"type\":\"invalid_request_error\",\"code\":\"content_filter\"}}");
        String forbidden = error(403, "{\"type\":\"error\",\"error\":{\"type\":\"permission_error\"}}");
        String chunked = "HTTP/1.1 400 E\r\ntransfer-encoding: chunked\r\n\r\n2;x=y\r\nno\r\n0\r\n\r\n";
        String nobody = "";
        return Stream.of(
                finallyGets(long400, "about the request, rather than that somebody is busy", busy, long400, down),
                finallyGets(long400, "about the request, though it came first", long400, busy),
                finallyGets(busy, "when to come back, rather than that somebody is down", down, busy),
                finallyGets(busy, "when to come back, though it came first", busy, down),
                finallyGets(error(400, "x"), "the earlier one on a tie", error(400, "x"), error(422, "y")),
                finallyGets(error(500, "x"), "the earlier one of two that are down", error(500, "x"), down),
                finallyGets(filtered, "a filter is about the request, and better than nobody", filtered, down),
                finallyGets(busy, "a refused credential is no answer at all", busy, error(401, "no sk-123")),
                finallyGets(nobody, "401 alone", error(401, "wrong key sk-123")),
                finallyGets(nobody, "402 alone", error(402, "pay")),
                finallyGets(nobody, "403 with a type of authentication", forbidden),
                finallyGets(nobody, "429 that is about money", unpaid),
                finallyGets(nobody, "refusals of credentials all over", error(401, "a"), forbidden, unpaid),
                finallyGets(filtered, "403 about the request", filtered),
                finallyGets(error(403, "<html>"), "403 that explains nothing", error(403, "<html>")),
                finallyGets(busy, "429 that is about speed", busy),
                finallyGets(nobody, "redirects all over", REDIRECT, REDIRECT),
                finallyGets(chunked.replace(";x=y", ""), "one in chunks, without their extensions", chunked, down),
                row(
                        "a later connect error does not hide it",
                        s -> s.leaseLater()
                                .start(two)
                                .lease()
                                .receive(long400)
                                .refuse(failure(Phase.CONNECT, Kind.CONNECT_ERROR)),
                        long400,
                        "lease a",
                        "reused",
                        "lease b",
                        "COMPLETED"),
                row(
                        "nor a later silence",
                        s -> s.start(two).receive(busy).pass(FIRST_BYTE),
                        busy,
                        "lease a",
                        "reused",
                        "lease b",
                        "closed",
                        "COMPLETED"),
                row(
                        "nor a failure that stops here by policy",
                        s -> s.start(Request.PLAIN.candidates("a", "b", "c"), RetryOn.parse(List.of("429")))
                                .receive(busy)
                                .fin(),
                        busy,
                        "lease a",
                        "reused",
                        "lease b",
                        "COMPLETED"),
                row(
                        "a status that retry_on does not name is compared too",
                        s -> s.start(Request.PLAIN.candidates("a", "b", "c"), RetryOn.parse(List.of("429")))
                                .receive(busy)
                                .receive(down),
                        busy,
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "a success is better than all of them",
                        s -> s.start(two).receive(long400).receive(FIVE),
                        FIVE,
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "one that ends with its connection",
                        s -> s.start(two)
                                .receive("HTTP/1.1 400 E\r\n\r\nno")
                                .fin()
                                .receive(down),
                        "HTTP/1.1 400 E\r\nconnection: close\r\n\r\nno",
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "one that is cut off is none",
                        s -> s.start(two)
                                .receive("HTTP/1.1 400 E\r\ncontent-length: 9\r\n\r\nno")
                                .fin()
                                .receive(down),
                        down,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "nor is one that is broken, though nobody else is left",
                        s -> s.start()
                                .receive("HTTP/1.1 403 E\r\ncontent-length: 9\r\n\r\nno")
                                .reset(),
                        "",
                        "lease a",
                        "502",
                        "UPSTREAM_FAILED"),
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
                        "COMPLETED"),
                row(
                        "one that stalls is not, when it may yet be about our credential",
                        s -> s.start()
                                .receive("HTTP/1.1 429 E\r\ncontent-length: 99\r\n\r\n{\"error\":{\"message\":\"sk-1")
                                .pass(Duration.ofSeconds(2)),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "nor one that is too long, when its first part is",
                        s -> s.start()
                                .receive("HTTP/1.1 403 E\r\ncontent-length: 70000\r\n\r\n")
                                .receive(forbidden.substring(forbidden.indexOf('{')) + " ".repeat(66_000)),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "nor one that is packed in a way that cannot be undone",
                        s -> s.start().receive(packed("br", "??")),
                        "",
                        "lease a",
                        "reused",
                        "502",
                        "UPSTREAM_FAILED"),
                row(
                        "one for which there is no room does not drive out what is kept",
                        s -> s.start(Request.PLAIN.candidates("a", "b", "c"))
                                .receive(down)
                                .receive(error(400, "x".repeat(990)))
                                .fin(),
                        down,
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "lease c",
                        "COMPLETED"),
                row(
                        "what is kept makes room once another answer is the client's",
                        s -> {
                            s.start(two).receive(long400).receive(CHUNKED + "5\r\nhello\r\n");
                            assertThat(s.kept.take(1000)).isTrue();
                            s.receive("0\r\n\r\n");
                        },
                        CHUNKED + "5\r\nhello\r\n0\r\n\r\n",
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "one for which there is no room is not kept",
                        s -> s.start(two).receive(error(400, "x".repeat(990))).receive(down),
                        down,
                        "lease a",
                        "reused",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "what is kept goes when the client does",
                        s -> s.start(two).receive(long400).clientLeaves(),
                        "",
                        "lease a",
                        "reused",
                        "lease b",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "so does what is being read",
                        s -> s.start(two)
                                .receive("HTTP/1.1 400 E\r\ncontent-length: 9\r\n\r\nno")
                                .clientLeaves(),
                        "",
                        "lease a",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "a body that is broken from the start is no answer: somebody else may have one",
                        s -> s.start(two)
                                .receive(CHUNKED + "5\r\nhello!\r\n0\r\n\r\n")
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "and nothing of it is the client's when nobody has",
                        s -> s.start().receive(SSE + EVENT + "zz\r\n"),
                        "",
                        "lease a",
                        "closed",
                        "502",
                        "UPSTREAM_FAILED"));
    }

    static Stream<Row> deadlines() {
        Request two = Request.PLAIN.candidates("a", "b");
        return Stream.of(
                row(
                        "no first byte",
                        s -> s.start().pass(FIRST_BYTE),
                        "",
                        "lease a",
                        "closed",
                        "504",
                        "UPSTREAM_FAILED"),
                row(
                        "no first byte, but another candidate",
                        s -> s.start(two).pass(FIRST_BYTE).receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "fault 86: a head in drips",
                        s -> s.start()
                                .receive("HTTP")
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .receive("/1.1 2")
                                .pass(MOMENT),
                        "",
                        "lease a",
                        "closed",
                        "504",
                        "UPSTREAM_FAILED"),
                row(
                        "the wait begins when the request has left",
                        s -> s.start()
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .requestDrained()
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "a stream that falls silent",
                        s -> s.start()
                                .receive(CHUNKED + "1\r\nx\r\n")
                                .pass(IDLE.minus(MOMENT))
                                .receive("1\r\ny\r\n")
                                .pass(IDLE.minus(MOMENT))
                                .receive("1\r\nz\r\n")
                                .pass(IDLE),
                        CHUNKED + "1\r\nx\r\n1\r\ny\r\n1\r\nz\r\n",
                        "lease a",
                        "closed",
                        "TRUNCATED"),
                row(
                        "no timer of one exchange ends the next",
                        s -> s.start()
                                .receive(FIVE)
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .start()
                                .pass(FIRST_BYTE.minus(MOMENT))
                                .receive(FIVE),
                        FIVE + FIVE,
                        "lease a",
                        "reused",
                        "COMPLETED",
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "an error whose body stalls is waited for two seconds",
                        s -> s.start(two)
                                .receive("HTTP/1.1 500 E\r\ncontent-length: 9\r\n\r\nx")
                                .pass(Duration.ofSeconds(2))
                                .receive(FIVE),
                        FIVE,
                        "lease a",
                        "closed",
                        "lease b",
                        "reused",
                        "COMPLETED"),
                row(
                        "a discarded answer that never ends does not keep its connection",
                        s -> s.start(two)
                                .receive("HTTP/1.1 401 U\r\ncontent-length: 9\r\n\r\nx")
                                .receive(FIVE)
                                .pass(Duration.ofSeconds(2)),
                        FIVE,
                        "lease a",
                        "lease b",
                        "reused",
                        "COMPLETED",
                        "closed"));
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
                        s -> s.start(Request.PLAIN.to(Endpoint.RESPONSES))
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
                        "a defect before the answer",
                        s -> s.start().thrown(new IllegalStateException("test")),
                        "",
                        "lease a",
                        "closed",
                        "500",
                        "GATEWAY_ERROR"),
                row(
                        "a defect within the answer",
                        s -> s.start().receive(CHUNKED + "1\r\nx\r\n").thrown(new IllegalStateException("test")),
                        CHUNKED + "1\r\nx\r\n",
                        "lease a",
                        "closed",
                        "GATEWAY_ERROR"));
    }

    /** Trap 28 in each phase that is ours, and trap 60. */
    static Stream<Row> leaving() {
        return Stream.of(
                row(
                        "while a connection is awaited",
                        s -> s.leaseLater().start().clientLeaves(),
                        "",
                        "lease a",
                        "cancelled",
                        "CLIENT_CANCELLED"),
                row(
                        "before the first byte",
                        s -> s.start().clientLeaves(),
                        "",
                        "lease a",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "within the head",
                        s -> s.start().receive("HTTP/1.1 200 OK\r\nx").clientLeaves(),
                        "",
                        "lease a",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "within the body",
                        s -> s.start().receive(CHUNKED + "1\r\nx\r\n").clientLeaves(),
                        CHUNKED + "1\r\nx\r\n",
                        "lease a",
                        "closed",
                        "CLIENT_CANCELLED"),
                row(
                        "after the last byte",
                        s -> s.start().receive(FIVE).clientLeaves(),
                        FIVE,
                        "lease a",
                        "reused",
                        "COMPLETED"),
                row(
                        "the transport breaks",
                        s -> s.start().thrown(new IOException("reset")),
                        "",
                        "lease a",
                        "closed",
                        "CLIENT_CANCELLED"));
    }

    /** Traps 19 to 21, and the two clocks that take turns. */
    static Stream<Row> pressure() {
        return Stream.of(
                row(
                        "an unwritable client stops the reading",
                        s -> s.start()
                                .receive(CHUNKED + "1\r\nx\r\n")
                                .clientWritable(false)
                                .clientWritable(true)
                                .receive("0\r\n\r\n"),
                        CHUNKED + "1\r\nx\r\n0\r\n\r\n",
                        "lease a",
                        "pause",
                        "resume",
                        "reused",
                        "COMPLETED"),
                row(
                        "one that was unwritable before stops it too",
                        s -> s.start()
                                .clientWritable(false)
                                .receive(CHUNKED)
                                .clientWritable(true)
                                .receive("0\r\n\r\n"),
                        CHUNKED + "0\r\n\r\n",
                        "lease a",
                        "pause",
                        "resume",
                        "reused",
                        "COMPLETED"),
                row(
                        "trap 20: what comes all the same is passed on",
                        s -> s.start().receive(CHUNKED).clientWritable(false).receive("1\r\nx\r\n0\r\n\r\n"),
                        CHUNKED + "1\r\nx\r\n0\r\n\r\n",
                        "lease a",
                        "pause",
                        "reused",
                        "COMPLETED"),
                row(
                        "trap 21: an unwritable client is given up in the end",
                        s -> s.start().receive(CHUNKED).clientWritable(false).pass(STALL),
                        CHUNKED,
                        "lease a",
                        "pause",
                        "closed",
                        "CLIENT_CANCELLED"),
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
                        "pause"),
                row(
                        "the provider's clock stands still meanwhile",
                        s -> s.start()
                                .receive(CHUNKED)
                                .pass(IDLE.minus(MOMENT))
                                .clientWritable(false)
                                .pass(STALL.minus(MOMENT))
                                .clientWritable(true)
                                .pass(IDLE.minus(MOMENT))
                                .receive("0\r\n\r\n"),
                        CHUNKED + "0\r\n\r\n",
                        "lease a",
                        "pause",
                        "resume",
                        "reused",
                        "COMPLETED"));
    }
}
