package io.costoptimal.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.http.ResponseHead.Persistence;
import io.costoptimal.gateway.http.ResponseHead.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults 80, 81, 83 and 84 as far as the head shows them; trap 43 for answers. */
class ResponseHeadTest {

    private static final ByteBufAllocator ALLOC = PooledByteBufAllocator.DEFAULT;
    private static final int MAX = 1024;

    private final ResponseHead head = new ResponseHead(MAX);

    @AfterEach
    void clear() {
        head.clear();
    }

    /** Reads {@code bytes} in two pieces and returns what was made of them; what was left over comes behind a bar. */
    private String read(String bytes, int cut) {
        ByteBuf in = Unpooled.copiedBuffer("zz" + bytes, ISO_8859_1);
        Progress progress = head.read(in.setIndex(2, 2 + cut), ALLOC);
        if (progress == Progress.MORE) {
            assertThat(in.isReadable()).isFalse();
            in.writerIndex(2 + bytes.length());
            progress = head.read(in, ALLOC);
        }
        in.writerIndex(2 + bytes.length());
        return progress == Progress.COMPLETE ? "COMPLETE|" + in.toString(ISO_8859_1) : progress.toString();
    }

    private String written(String bytes, boolean chunked, Persistence persistence) {
        ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1);
        assertThat(head.read(in, ALLOC)).isEqualTo(Progress.COMPLETE);
        ByteBuf out = head.write(ALLOC, chunked, persistence, AddedFields.NONE, 0);
        head.clear();
        try {
            return out.toString(ISO_8859_1);
        } finally {
            out.release();
        }
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
                    HTTP/1.1 200 OK\\r\\n\\r\\n
                    HTTP/1.0 599 \\r\\n\\r\\n
                    HTTP/1.1 301\\r\\n\\r\\n
                    HTTP/1.1 200  OK\\r\\n\\r\\n
                    HTTP/1.1 500 Ori\\xebntatie\\r\\nx:\\r\\ny: \\t z \\t\\r\\n\\r\\n
                    HTTP/1.1 200 OK\\r\\nDCLK_imp: v7;x;1~okv=;\\r\\ncontent-length:\\t42\\t\\r\\n\\r\\n
                    """)
    void readsAHeadWhereverItIsCut(String escaped) {
        String bytes = unescape(escaped);
        for (int cut = 0; cut <= bytes.length(); cut++) {
            assertThat(read(bytes + "body", cut)).isEqualTo("COMPLETE|body");
            head.clear();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SSH-2.0-OpenSSH_9.2\\r\\n",
                "\\x15\\x03\\x03\\0\\x02\\x02",
                "<html><body>502</body></html>",
                "H2",
                "\\r\\nHTTP/1.1 200 OK\\r\\n\\r\\n",
                "\\rHTTP/1.1 200 OK\\r\\n\\r\\n",
                "http/1.1 200 OK\\r\\n\\r\\n",
                "HTTP/5.6 200 OK\\r\\n\\r\\n",
                "HTTP/1.2 200 OK\\r\\n\\r\\n",
                "HTTP/0.9 200 OK\\r\\n\\r\\n",
                "HTTP/01.1 200 OK\\r\\n\\r\\n",
                "HTTP/1.01 200 OK\\r\\n\\r\\n",
                "RTSP/1.1 200 OK\\r\\n\\r\\n",
                "HTTP/1.1\\t200 OK\\r\\n\\r\\n",
                "HTTP/1.1  200 OK\\r\\n\\r\\n",
                "HTTP/1.1 99 OK\\r\\n\\r\\n",
                "HTTP/1.1 099 OK\\r\\n\\r\\n",
                "HTTP/1.1 1000 OK\\r\\n\\r\\n",
                "HTTP/1.1 600 OK\\r\\n\\r\\n",
                "HTTP/1.1 -1 OK\\r\\n\\r\\n",
                "HTTP/1.1 abc OK\\r\\n\\r\\n",
                "HTTP/1.1 2 OK\\r\\n\\r\\n",
                "HTTP/1.1 200OK\\r\\n\\r\\n",
                "HTTP/1.1 200\\tOK\\r\\n\\r\\n",
                "HTTP/1.1 200 O\\0K\\r\\n\\r\\n",
                "HTTP/1.1 200 O\\rK\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\n\\n",
                "HTTP/1.1 200 OK\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx: y\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx: y\\r\\n\\n",
                "HTTP/1.1 200 OK\\r\\nx: 1\\ry: 2\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx: a long value with a nul\\0 in it\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx: a long value with a delete\\x7f in it\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx: \\x0b\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx: y\\r\\n folded\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\n\\tx: y\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nno colon\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nnocolon\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\n: empty name\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx : y\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx\\xe4: y\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\nx\\0: y\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: 1\\r\\nContent-Length: 2\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: 1\\r\\nContent-Length: 1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: 1, 1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: +1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: -1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: 0x1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: 1 1\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length:\\r\\n\\r\\n",
                "HTTP/1.1 200 OK\\r\\ncontent-length: 9999999999999999999\\r\\n\\r\\n",
            })
    void refusesAMalformedHeadWhereverItIsCut(String escaped) {
        String bytes = unescape(escaped);
        for (int cut = 0; cut <= bytes.length(); cut++) {
            assertThat(read(bytes, cut)).isEqualTo("MALFORMED");
            assertThat(head.malformed()).isNotNull();
            head.clear();
        }
    }

    @Test
    void boundsAHead() {
        String start = "HTTP/1.1 200 OK\r\nx: ";
        String fits = start + "y".repeat(MAX - start.length() - 4) + "\r\n\r\n";
        String exceeds = start + "y".repeat(MAX - start.length() - 3) + "\r\n\r\n";
        for (int cut : new int[] {0, 1, 500, MAX - 1, MAX}) {
            assertThat(read(fits + "HTTP", cut)).isEqualTo("COMPLETE|HTTP");
            head.clear();
            assertThat(read(exceeds, cut)).isEqualTo("MALFORMED");
            head.clear();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    content-length: 7                                   | POST | Length[bytes=7]
                    Content-Length: 007                                 | POST | Length[bytes=7]
                    Content-Length: 7                                   | HEAD | NONE
                    Content-Length-X: 7                                 | POST | UNTIL_CLOSE
                    Transfer-Encoding: Chunked                          | POST | CHUNKED
                    Transfer-Encoding: chunked, deflate                 | POST | Violation[reason=transfer-encoding other than chunked]
                    Transfer-Encoding: gzip, chunked                    | POST | Violation[reason=transfer-encoding other than chunked]
                    Transfer-Encoding: identity                         | POST | Violation[reason=transfer-encoding other than chunked]
                    Transfer-Encoding: chunkedchunked                   | POST | Violation[reason=transfer-encoding other than chunked]
                    Transfer-Encoding:                                  | POST | Violation[reason=transfer-encoding other than chunked]
                    Transfer-Encoding: chunked~Transfer-Encoding: chunked | POST | Violation[reason=transfer-encoding other than chunked]
                    Transfer-Encoding: chunked~Content-Length: 7        | POST | Violation[reason=content-length and transfer-encoding]
                    """)
    void tellsTheFraming(String fields, String method, String framing) {
        String lines = fields.strip().replace("~", "\r\n");
        assertThat(read("HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n", 0)).isEqualTo("COMPLETE|");
        assertThat(head.framing(method)).hasToString(framing);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    HTTP/1.1 | x: y                              | true
                    HTTP/1.1 | Connection: close                 | false
                    HTTP/1.1 | Connection: x, ,CLOSE             | false
                    HTTP/1.1 | Connection: keep-alive            | true
                    HTTP/1.1 | Connection: keep-alive~Connection: close | false
                    HTTP/1.0 | x: y                              | false
                    HTTP/1.0 | Connection: Keep-Alive            | true
                    """)
    void tellsWhetherTheConnectionStays(String version, String fields, boolean stays) {
        read(version + " 200 OK\r\n" + fields.strip().replace("~", "\r\n") + "\r\n\r\n", 0);
        assertThat(head.keepAlive()).isEqualTo(stays);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Content-Type: text/event-stream                 | true  | IDENTITY
                    content-type:TEXT/Event-Stream; charset=utf-8   | true  | IDENTITY
                    content-type: text/event-stream ;x              | true  | IDENTITY
                    content-type: text/event-streams                | false | IDENTITY
                    content-type: application/json                  | false | IDENTITY
                    x-content-ty: text/event-stream                 | false | IDENTITY
                    Content-Encoding: gzip                          | false | GZIP
                    content-encoding:X-GZip                         | false | GZIP
                    content-encoding: identity                      | false | IDENTITY
                    content-encoding: deflate                       | false | DEFLATE
                    content-encoding: gzip, gzip                    | false | UNKNOWN
                    content-encoding: br                            | false | UNKNOWN
                    """)
    void tellsWhatTheBodyIs(String field, boolean eventStream, ContentCoding coding) {
        read("HTTP/1.1 200 OK\r\n" + field.strip() + "\r\n\r\n", 0);
        assertThat(head.eventStream()).isEqualTo(eventStream);
        assertThat(head.coding()).isEqualTo(coding);
    }

    @Test
    void writesEveryOtherFieldAsItCame() {
        String fields = "Date: Sun\r\nX-Ray-Id:  req_1 \r\nset-cookie: a\r\nset-cookie: b\r\nx:\r\n";
        assertThat(written("HTTP/1.0 299 Fine, really\r\n" + fields + "\r\n", false, Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 299 Fine, really\r\n" + fields + "\r\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    x-request-id: a b                      | x-upstream-request-id: a b      | a b
                    X-Request-Id:a                         | x-upstream-request-id:a         | a
                    Request-ID: \t req_1\t                 | x-upstream-request-id: \t req_1\t | req_1
                    x-request-id: a~x: 1~request-id: b     | x-upstream-request-id: a~x: 1   | a
                    x-request-id: a~X-Request-ID: b        | x-upstream-request-id: a        | a
                    X-Upstream-Request-Id: b~request-id: a | x-upstream-request-id: a        | a
                    x-upstream-request-id: b~x: 1          | x: 1                            |
                    x-request-id:~x: 1                     | x-upstream-request-id:~x: 1     |
                    x: 1~x-request-ids: b                  | x: 1~x-request-ids: b           |
                    connection: x-request-id~x-request-id: a~x: 1 | x: 1                     | a
                    """)
    void movesTheProvidersIdToAnotherName(String sent, String expected, String id) {
        String lines = unescape(sent.strip()).replace("~", "\r\n");
        String bytes = "HTTP/1.1 200 OK\r\n" + lines + "\r\n\r\n";
        for (int cut = 0; cut < bytes.length(); cut++) {
            assertThat(read(bytes, cut)).isEqualTo("COMPLETE|");
            assertThat(head.requestId()).isEqualTo(id);
            head.clear();
        }
        assertThat(written(bytes, false, Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\n" + unescape(expected.strip()).replace("~", "\r\n") + "\r\n\r\n");
    }

    @Test
    void tellsOnlySoMuchOfAnIdButPassesAllOfIt() {
        String id = "i".repeat(500);
        String bytes = "HTTP/1.1 200 OK\r\nx-request-id: " + id + "\r\n\r\n";
        read(bytes, 0);
        assertThat(head.requestId()).isEqualTo("i".repeat(128));
        head.clear();
        assertThat(written(bytes, false, Persistence.IMPLIED)).contains("x-upstream-request-id: " + id + "\r\n");
    }

    @Test
    void dropsWhatEndsAtThisHopAndWhatConnectionNominates() {
        String sent =
                "HTTP/1.1 200 OK\r\nConnection: close, x-secret\r\nKeep-Alive: timeout=5\r\na: 1\r\nX-Secret: s\r\n"
                        + "Upgrade: h2c\r\nTE: x\r\nProxy-Authenticate: Basic\r\nProxy-Connection: x\r\nb: 2\r\n"
                        + "Transfer-Encoding: chunked\r\nconnection: Y-Secret,content-length\r\ny-secret: s\r\n\r\n";
        assertThat(written(sent, true, Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\ntransfer-encoding: chunked\r\n\r\n");
    }

    @Test
    void aNominationDoesNotRemoveTheLength() {
        assertThat(written(
                        "HTTP/1.1 200 OK\r\nconnection: content-length\r\ncontent-length: 5\r\n\r\n",
                        false,
                        Persistence.CLOSE))
                .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\nconnection: close\r\n\r\n");
    }

    @Test
    void keepsTheAnnouncementOfTrailersOnlyWithTheTrailers() {
        String sent = "HTTP/1.1 200 OK\r\nTrailer: x-sum\r\ntransfer-encoding: chunked\r\n\r\n";
        assertThat(written(sent, true, Persistence.IMPLIED)).contains("\r\nTrailer: x-sum\r\n");
        assertThat(written(sent, false, Persistence.KEEP_ALIVE))
                .isEqualTo("HTTP/1.1 200 OK\r\nconnection: keep-alive\r\n\r\n");
    }

    @Test
    void givesNoLengthToA204AndLeavesThatOfA304() {
        assertThat(written("HTTP/1.1 204\r\nContent-Length: 5\r\n\r\n", false, Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 204 \r\n\r\n");
        assertThat(written("HTTP/1.1 304 NM\r\nContent-Length: 5\r\n\r\n", false, Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 304 NM\r\nContent-Length: 5\r\n\r\n");
    }

    @Test
    void refusesAConnectionFieldThatNominatesALot() {
        String names = "a,".repeat(17);
        assertThat(read("HTTP/1.1 200 OK\r\nconnection: " + names + "\r\n\r\n", 0))
                .isEqualTo("MALFORMED");
    }

    @Test
    void holdsAnyNumberOfFields() {
        String fields = "a: b\r\n".repeat(160);
        assertThat(written("HTTP/1.1 200 OK\r\n" + fields + "te: x\r\n\r\n", false, Persistence.IMPLIED))
                .isEqualTo("HTTP/1.1 200 OK\r\n" + fields + "\r\n");
    }

    @Test
    void readsOneHeadAfterAnotherFromTheSameBytes() {
        ByteBuf in = Unpooled.copiedBuffer(
                "HTTP/1.1 103 Early\r\nlink: x\r\n\r\nHTTP/1.1 200 OK\r\nconnection: close\r\n\r\nbody", ISO_8859_1);
        assertThat(head.read(in, ALLOC)).isEqualTo(Progress.COMPLETE);
        assertThat(head.status()).isEqualTo(103);
        assertThat(head.keepAlive()).isTrue();
        head.clear();
        assertThat(head.read(in, ALLOC)).isEqualTo(Progress.COMPLETE);
        assertThat(head.status()).isEqualTo(200);
        assertThat(head.keepAlive()).isFalse();
        assertThat(in.toString(StandardCharsets.US_ASCII)).isEqualTo("body");
    }

    @Test
    void aHeadThatCameInPiecesIsWrittenLikeOneThatDidNot() {
        String bytes = "HTTP/1.1 200 OK\r\nConnection: x\r\nx: 1\r\ny: 2\r\ncontent-length: 3\r\n\r\n";
        String whole = written(bytes, false, Persistence.IMPLIED);
        for (int cut = 1; cut < bytes.length(); cut++) {
            assertThat(read(bytes + "abc", cut)).isEqualTo("COMPLETE|abc");
            ByteBuf out = head.write(ALLOC, false, Persistence.IMPLIED, AddedFields.NONE, 0);
            head.clear();
            assertThat(out.toString(ISO_8859_1)).isEqualTo(whole);
            out.release();
        }
    }

    private static String unescape(String escaped) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < escaped.length(); i++) {
            char c = escaped.charAt(i);
            if (c != '\\') {
                out.append(c);
                continue;
            }
            switch (escaped.charAt(++i)) {
                case 'r' -> out.append('\r');
                case 'n' -> out.append('\n');
                case 't' -> out.append('\t');
                case '0' -> out.append('\0');
                case 'x' -> {
                    out.append((char) Integer.parseInt(escaped.substring(i + 1, i + 3), 16));
                    i += 2;
                }
                default -> throw new IllegalArgumentException(escaped);
            }
        }
        return out.toString();
    }
}
