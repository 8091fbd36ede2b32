package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Byte strings that two HTTP implementations may read differently, through the real decoder (trap 42). Each is refused
 * with one answer and a close, no stage sees a whole request, and nothing sent afterwards is looked at; whether it came in
 * one piece or byte by byte.
 */
class SmugglingTest {

    private static final String LINE = "POST /v1/responses HTTP/1.1\r\n";
    private static final String HOST = "Host: h\r\n";
    private static final String LENGTH = "Content-Length: 4\r\n";
    private static final String CHUNKED = "Transfer-Encoding: chunked\r\n";
    private static final String GOOD = LINE + HOST + LENGTH + "\r\ngood";

    static Stream<Arguments> refused() {
        return Stream.of(
                // Length and coding (RFC 9112 section 6).
                arguments("CL and TE", 400, LINE + HOST + LENGTH + CHUNKED + "\r\n0\r\n\r\n"),
                arguments("TE and CL", 400, LINE + HOST + CHUNKED + LENGTH + "\r\n0\r\n\r\n"),
                arguments("TE on 1.0", 400, "POST /v1/responses HTTP/1.0\r\n" + CHUNKED + "\r\n0\r\n\r\n"),
                arguments(
                        "CL and TE on 1.0",
                        400,
                        "POST /v1/responses HTTP/1.0\r\n" + LENGTH + CHUNKED + "\r\n0\r\n\r\n"),
                arguments("CL twice, different", 400, length("4\r\nContent-Length: 5")),
                arguments("CL twice, same", 400, length("4\r\nContent-Length: 4")),
                arguments("CL twice, different case", 400, length("4\r\ncontent-length: 4")),
                arguments(
                        "CL twice, different, on 1.0",
                        400,
                        length("4\r\nContent-Length: 0").replace("/1.1", "/1.0")),
                arguments(
                        "CL twice, same, on 1.0",
                        400,
                        length("4\r\nContent-Length: 4").replace("/1.1", "/1.0")),
                arguments("CL list", 400, length("4, 4")),
                arguments("CL list on 1.0", 400, length("4, 4").replace("/1.1", "/1.0")),
                arguments("CL +4", 400, length("+4")),
                arguments("CL -4", 400, length("-4")),
                arguments("CL 0x4", 400, length("0x4")),
                arguments("CL 4_0", 400, length("4_0")),
                arguments("CL 4e0", 400, length("4e0")),
                arguments("CL 4 4", 400, length("4 4")),
                arguments("CL empty", 400, length("")),
                arguments("CL of twenty digits", 400, length("9".repeat(20))),
                arguments("CL in full-width digits", 400, length("\u00ef\u00bc\u0094")),
                arguments("CL in superscript", 400, length("\u00b2")),
                arguments("no length", 411, LINE + HOST + "\r\n{\"model\":\"m\"}"),
                arguments("no length of a form", 411, bare("POST /v1/audio/transcriptions") + GOOD),
                arguments("no length and not the method", 405, bare("PUT /v1/files/f") + GOOD),
                arguments("no length and not the method either", 405, bare("PATCH /v1/responses/r/cancel") + GOOD),
                arguments("no length and no such path", 404, bare("POST /v1/nothing") + GOOD),
                arguments("TE chunked, gzip", 400, coding("chunked, gzip")),
                arguments("TE gzip, chunked", 501, coding("gzip, chunked")),
                arguments("TE gzip and chunked, two lines", 501, coding("gzip\r\nTransfer-Encoding: chunked")),
                arguments("TE xchunked", 400, coding("xchunked")),
                arguments("TE chunked, chunked", 400, coding("chunked, chunked")),
                arguments("TE twice", 400, coding("chunked\r\nTransfer-Encoding: chunked")),
                arguments("TE chunked, identity", 400, coding("chunked, identity")),
                arguments("TE identity", 400, coding("identity")),
                arguments("TE \"chunked\"", 400, coding("\"chunked\"")),
                arguments("TE VT chunked", 400, coding("\u000bchunked")),
                arguments("TE chunked VT", 400, coding("chunked\u000b")),
                arguments("TE with Kelvin sign", 400, coding("chun\u00e2\u0084\u00aaed")),
                arguments("TE , chunked", 501, coding(", chunked")),
                arguments("TE chunked;q=1", 400, coding("chunked;q=1")),
                arguments("TE empty", 400, coding("")),
                arguments("TE folded", 400, coding("\r\n chunked")),
                // Chunks.
                arguments("chunk size 0x2", 400, chunks("0x2\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size +2", 400, chunks("+2\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size -2", 400, chunks("-2\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size SP 2", 400, chunks(" 2\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size 2 SP", 400, chunks("2 \r\nab\r\n0\r\n\r\n")),
                arguments("chunk size 1_0", 400, chunks("1_0\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size empty", 400, chunks("\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size of 17 digits", 400, chunks("FFFFFFFFFFFFFFFF1\r\nab\r\n0\r\n\r\n")),
                arguments("chunk size beyond 32 bits", 400, chunks("100000001\r\na\r\n0\r\n\r\n")),
                arguments(
                        "bad chunk after good ones",
                        400,
                        chunks("400\r\n" + "x".repeat(1024) + "\r\nzz\r\nab\r\n0\r\n\r\n")),
                arguments("chunk longer than its size", 400, chunks("2\r\nabc\r\n0\r\n\r\n")),
                arguments("chunk without CRLF", 400, chunks("2\r\nab0\r\n\r\n")),
                arguments("chunk line ends in LF", 400, chunks("2\nab\r\n0\r\n\r\n")),
                arguments("chunk data ends in LF", 400, chunks("2\r\nab\n0\r\n\r\n")),
                arguments("chunk extension with LF", 400, chunks("2;a\nb\r\nab\r\n0\r\n\r\n")),
                arguments("chunk extension with quoted CRLF", 400, chunks("2;a=\"\r\n\"\r\nab\r\n0\r\n\r\n")),
                arguments("chunk extension without name", 400, chunks("2;\r\nab\r\n0\r\n\r\n")),
                arguments("chunk extension without name, blank", 400, chunks("2 ; \t\r\nab\r\n0\r\n\r\n")),
                arguments("chunk extension without name, second", 400, chunks("2;a;;b\r\nab\r\n0\r\n\r\n")),
                arguments("last chunk's extension without name", 400, chunks("2\r\nab\r\n00;\r\n\r\n")),
                arguments("chunk line too long", 400, chunks("2;" + "a".repeat(9000) + "\r\nab\r\n0\r\n\r\n")),
                arguments("trailers too many", 400, chunks("0\r\n" + "a: b\r\n".repeat(99) + "\r\n")),
                arguments("trailer without colon", 400, chunks("0\r\nab\r\n\r\n")),
                // Host (RFC 9112 section 3.2).
                arguments("no Host", 400, LINE + LENGTH + "\r\nbody"),
                arguments("two Hosts", 400, host("h\r\nHost: h")),
                arguments("two Hosts on 1.0", 400, host("h\r\nHost: i").replace("/1.1", "/1.0")),
                arguments("empty Host", 400, host("")),
                arguments("Host list", 400, host("a, b")),
                arguments("Host with user", 400, host("u@h")),
                arguments("Host with path", 400, host("h/p")),
                arguments("Host with space", 400, host("h i")),
                arguments("Host with bad port", 400, host("h:8x")),
                // Lines (RFC 9112 sections 2.2, 3 and 5).
                arguments("leading space", 400, " " + GOOD),
                arguments("leading TAB", 400, "\t" + GOOD),
                arguments("leading VT", 400, "\u000b" + GOOD),
                arguments("double space before target", 400, GOOD.replace("POST /", "POST  /")),
                arguments("double space before version", 400, GOOD.replace(" HTTP", "  HTTP")),
                arguments("TAB before target", 400, GOOD.replace("POST /", "POST\t/")),
                arguments("TAB before version", 400, GOOD.replace(" HTTP", "\tHTTP")),
                arguments("space and TAB", 400, GOOD.replace("POST /", "POST \t/")),
                arguments("TAB and space", 400, GOOD.replace("POST /", "POST\t /")),
                arguments("CR as separator", 400, GOOD.replace("POST /", "POST\r/")),
                arguments("trailing space", 400, GOOD.replace("1.1\r\n", "1.1 \r\n")),
                arguments("space in target", 400, GOOD.replace("/responses", "/res ponses")),
                arguments("UTF-8 in target", 400, GOOD.replace("/responses", "/responses?\u00c3\u00a9")),
                arguments("DEL in target", 400, GOOD.replace("/responses", "/responses?\u007f")),
                arguments("bare LF", 400, GOOD.replace("\r\n", "\n")),
                arguments("bare LF in one line", 400, GOOD.replace("Host: h\r\n", "Host: h\n")),
                arguments("bare CR", 400, GOOD.replace("Host: h\r\n", "Host: h\r")),
                arguments("folded", 400, head("X-A: b\r\n c\r\n")),
                arguments("folded with TAB", 400, head("X-A: b\r\n\tc\r\n")),
                arguments("folded twice", 400, head("X-A: b\r\n c\r\n d\r\n")),
                arguments("folded, nothing but blank", 400, head("X-A: b\r\n \r\n")),
                arguments("folded Authorization", 400, head("Authorization: Bearer\r\n k\r\n")),
                arguments("folded first line", 400, LINE + " a: b\r\n" + HOST + LENGTH + "\r\nbody"),
                arguments("folded last line", 400, LINE + HOST + LENGTH + "X: y\r\n z\r\n\r\nbody"),
                arguments("folded after empty lines", 400, "\r\n\r\n" + head("X-A: b\r\n c\r\n")),
                arguments("space before colon", 400, head("X-A : b\r\n")),
                arguments("space in name", 400, head("X A: b\r\n")),
                arguments("no colon", 400, head("X-A\r\n")),
                arguments("empty name", 400, head(": b\r\n")),
                arguments("NUL in name", 400, head("X\u0000A: b\r\n")),
                arguments("NUL in value", 400, head("X-A: b\u0000\r\n")),
                arguments("CR in value", 400, head("X-A: b\rc\r\n")),
                arguments("DEL in value", 400, head("X-A: b\u007f\r\n")),
                arguments("high byte in name", 400, head("X-\u00e9: b\r\n")),
                // Versions and beginnings.
                arguments("HTTP/1.2", 505, GOOD.replace("/1.1", "/1.2")),
                arguments("HTTP/2.0", 505, GOOD.replace("/1.1", "/2.0")),
                arguments("HTTP/9.9", 505, GOOD.replace("/1.1", "/9.9")),
                arguments("http/1.1", 505, GOOD.replace("HTTP/1.1", "http/1.1")),
                arguments("HTTP/0.9", 400, "GET /v1/models\r\n"),
                arguments("HTTP/1.10", 400, GOOD.replace("/1.1", "/1.10")),
                arguments("RTSP/1.0", 400, GOOD.replace("HTTP/1.1", "RTSP/1.0")),
                arguments("HTTP/2 preface", 505, "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"),
                arguments("control characters", 400, "\u0001\u0002GET / HTTP/1.1\r\n\r\n"),
                arguments("NULs", 400, "\u0000\u0000\u0000\u0000\r\n\r\n"),
                arguments("SSH", 400, "SSH-2.0-x\r\n"),
                arguments("TLS hello", 400, "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\r\n"),
                // Sizes.
                arguments("line too long", 414, "GET /" + "a".repeat(9000) + " HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("line without end", 414, "a".repeat(64 * 1024)),
                arguments("header too long", 431, head("X-A: " + "b".repeat(32 * 1024) + "\r\n")),
                arguments("headers too long", 431, head(("X-A: " + "b".repeat(1000) + "\r\n").repeat(20))),
                arguments("headers too many", 431, head("a:\r\n".repeat(99))),
                // Demands.
                arguments("CONNECT", 501, "CONNECT h:443 HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("TRACE", 501, "TRACE /v1/models HTTP/1.1\r\n" + HOST + "\r\n"),
                arguments("unknown expectation", 417, head("Expect: 200-ok\r\n")),
                arguments("one unknown of two expectations", 417, head("Expect: 100-continue\r\nExpect: x\r\n")),
                arguments(
                        "WebSocket draft with a hidden body",
                        400,
                        "GET /v1/models HTTP/1.1\r\n" + HOST
                                + "Sec-WebSocket-Key1: a\r\nSec-WebSocket-Key2: b\r\n\r\n12345678"));
    }

    static Stream<Arguments> served() {
        return Stream.of(
                arguments("plain", "good", GOOD),
                arguments("empty lines before", "good", "\r\n\r\n" + GOOD),
                arguments("CL 0004", "good", GOOD.replace(": 4", ": 0004")),
                arguments("as many headers as allowed", "body", head("a:\r\n".repeat(98))),
                arguments("long header", "body", head("a: " + "b".repeat(15_000) + "\r\n")),
                arguments("TE CHUNKED", "ab", coding("CHUNKED")),
                arguments("chunk sizes with zeros", "ab", chunks("000002\r\nab\r\n000\r\n\r\n")),
                arguments("chunk extensions", "ab", chunks("2;a=\"b\";c\r\nab\r\n0;d\r\n\r\n")),
                arguments(
                        "trailer that looks like an extension",
                        "ab",
                        chunks("2\r\nab\r\n0;x\r\na: ;;\r\nb: ;\r\n\r\n")),
                arguments("chunk that looks like a line", "7;;\r\n;;", chunks("7\r\n7;;\r\n;;\r\n0\r\n\r\n")),
                arguments("trailers", "ab", chunks("2\r\nab\r\n0\r\nHost: evil\r\nAuthorization: Bearer k\r\n\r\n")),
                arguments("many trailers", "", chunks("0\r\n" + "a: b\r\n".repeat(98) + "\r\n")),
                arguments("Host with port", "body", host("h.example-1.org:8080")),
                arguments("Host that is an address", "body", host("[::1]:80")),
                arguments("no Host on 1.0", "body", "POST /v1/responses HTTP/1.0\r\n" + LENGTH + "\r\nbody"),
                arguments("TABs around a value", "body", head("X-A:\tb\t\r\n")),
                arguments("empty value", "body", head("X-A:\r\nX-B: \r\n")),
                arguments("value with high bytes", "body", head("X-A: \u00fc\u00ff\r\n")),
                arguments("Upgrade: h2c", "body", head("Connection: upgrade, http2-settings\r\nUpgrade: h2c\r\n")),
                arguments("Upgrade: websocket", "body", head("Connection: upgrade\r\nUpgrade: websocket\r\n")),
                arguments("Upgrade: foo", "body", head("Upgrade: foo\r\n")));
    }

    /** A head without a length. */
    private static String bare(String line) {
        return line + " HTTP/1.1\r\n" + HOST + "\r\n";
    }

    private static String head(String lines) {
        return LINE + HOST + lines + LENGTH + "\r\nbody";
    }

    private static String length(String value) {
        return LINE + HOST + "Content-Length: " + value + "\r\n\r\nbody";
    }

    private static String coding(String value) {
        return LINE + HOST + "Transfer-Encoding: " + value + "\r\n\r\n2\r\nab\r\n0\r\n\r\n";
    }

    private static String chunks(String body) {
        return LINE + HOST + CHUNKED + "\r\n" + body;
    }

    private static String host(String value) {
        return LINE + "Host: " + value + "\r\n" + LENGTH + "\r\nbody";
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void refusesAndCloses(String name, int status, String bytes) {
        for (ClientWire side : new ClientWire[] {whole(bytes), bytewise(bytes)}) {
            side.send(GOOD);

            assertThat(side.story()).isEqualTo(status + "+close REJECTED shut");
            assertThat(side.stage.wholeRequests).as("whole requests seen").isZero();
            side.leave();
            assertThat(side.ended).hasSize(1);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("served")
    void readsAsOneRequestAndFindsTheNext(String name, String body, String bytes) {
        for (ClientWire side : new ClientWire[] {whole(bytes + GOOD), bytewise(bytes + GOOD)}) {
            assertThat(side.stage.wholeRequests).isEqualTo(1);
            assertThat(side.stage.bodies).hasToString(body);
            side.stage.answer();
            side.runPendingTasks();

            if (side.isOpen() && !side.log.contains("shut")) {
                assertThat(side.stage.wholeRequests).isEqualTo(2);
                assertThat(side.stage.bodies).hasToString(body + "good");
            } else {
                assertThat(bytes).contains("HTTP/1.0");
            }
            side.leave();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/batches/b/cancel",
                "POST /v1/responses/r/cancel",
                "POST /v1/evals/e/runs/r",
                "POST /v1/files",
                "POST /v1/uploads/u/parts"
            })
    void takesNoLengthForNoBodyWhereNoneIsNeededAndNothingBehindItForARequest(String line) {
        for (ClientWire side : new ClientWire[] {whole(bare(line) + GOOD), bytewise(bare(line) + GOOD)}) {
            side.send(GOOD);
            assertThat(side.stage.wholeRequests).isEqualTo(1);
            assertThat(side.stage.bodies).isEmpty();
            side.stage.answer();
            side.runPendingTasks();
            side.send(GOOD);

            assertThat(side.story()).isEqualTo("200+close bytes COMPLETED shut");
            assertThat(side.stage.wholeRequests).isEqualTo(1);
            side.leave();
            assertThat(side.ended).hasSize(1);
        }
    }

    @ParameterizedTest
    @MethodSource("cuts")
    void detectsAFoldWhereverItIsCut(int cut) {
        String bytes = "\r\n" + head("X-A: b\r\n  c\r\n");
        ClientWire side = ClientWire.withStage();
        side.stage.onWholeRequest = side.stage::answer;
        side.send(GOOD).send(bytes.substring(0, cut)).send(bytes.substring(cut));

        assertThat(side.story()).isEqualTo("200 bytes COMPLETED 400+close REJECTED shut");
        side.leave();
    }

    static IntStream cuts() {
        return IntStream.rangeClosed(0, ("\r\n" + head("X-A: b\r\n  c\r\n")).length());
    }

    private static ClientWire whole(String bytes) {
        return ClientWire.withStage().send(bytes);
    }

    private static ClientWire bytewise(String bytes) {
        return ClientWire.withStage().sendBytewise(bytes);
    }
}
