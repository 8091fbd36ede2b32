package io.costoptimal.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trap 44, and the conditions of passing chunks on verbatim. */
class ChunkScannerTest {

    /** What a scanner made of a body, however it was cut. */
    private record Verdict(int bytes, boolean done, boolean failed, boolean boundary, String payload) {}

    private static Verdict scan(String body, int... cuts) {
        ChunkScanner scanner = new ChunkScanner();
        StringBuilder payload = new StringBuilder();
        int taken = 0;
        int from = 0;
        for (int i = 0; i <= cuts.length && !scanner.done() && scanner.failed() == null; i++) {
            int to = i < cuts.length ? cuts[i] : body.length();
            // Something before the reader index, so that offsets are not mistaken for indices.
            ByteBuf buf = Unpooled.copiedBuffer("xx" + body.substring(from, to), ISO_8859_1)
                    .skipBytes(2);
            taken += scanner.scan(buf, (b, index, length) -> payload.append(b.toString(index, length, ISO_8859_1)));
            assertThat(buf.readerIndex()).isEqualTo(2);
            from = to;
        }
        return new Verdict(taken, scanner.done(), scanner.failed() != null, scanner.atBoundary(), payload.toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0\r\n\r\n",
                "5\r\nhello\r\n0\r\n\r\n",
                "A\r\n0123456789\r\n00a\r\n0123456789\r\n000\r\n\r\n",
                "00000000000000a\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n",
                "1\r\nx\r\n0\r\nx-sum: 1\r\nempty:\r\nlatin: \u00e4\t\r\n\r\n"
            })
    void findsTheEndWhereverTheBytesAreCut(String body) {
        Verdict whole = scan(body + "HTTP/1.1 200 OK");
        assertThat(whole.bytes()).isEqualTo(body.length());
        assertThat(whole.done()).isTrue();

        for (int i = 0; i <= body.length(); i++) {
            for (int j = i; j <= body.length(); j++) {
                assertThat(scan(body, i, j)).isEqualTo(whole);
            }
        }
        for (int i = 0; i < body.length(); i++) {
            Verdict part = scan(body.substring(0, i));
            assertThat(part.bytes()).isEqualTo(i);
            assertThat(part.done() || part.failed()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5;e\0\r\nhello\r\n",
                "5 x\r\nhello\r\n",
                "5;ext\nhello\r\n",
                "5;a\rb\r\n",
                ";ext\r\nhello\r\n",
                " 5\r\nhello\r\n",
                "0x5\r\nhello\r\n",
                "+5\r\nhello\r\n",
                "-5\r\nhello\r\n",
                "g\r\n",
                "\r\n",
                "5\nhello\r\n",
                "5\r\r\nhello\r\n",
                "5\r\nhello\n",
                "5\r\nhello!\r\n",
                "5\r\nhello\r!",
                "0000000000000005\r\nhello\r\n",
                "ffffffffffffffff\r\n",
                "0\r\n\n",
                "0\r\n\r!",
                "0\r\n: x\r\n\r\n",
                "0\r\nno colon\r\n\r\n",
                "0\r\na b: x\r\n\r\n",
                "0\r\n a: folded\r\n\r\n",
                "0\r\na: x\n\r\n",
                "0\r\na: x\rb: y\r\n\r\n",
                "0\r\na: \0\r\n\r\n",
                "0\r\na: \u007f\r\n\r\n"
            })
    void refusesWhatIsNotPlainlyChunked(String body) {
        String before = "1\r\nx\r\n";
        String bad = body.isEmpty() ? "\0" : body;
        Verdict whole = scan(before + bad);
        assertThat(whole.failed()).isTrue();
        assertThat(whole.done()).isFalse();
        for (int cut = 0; cut <= before.length() + bad.length(); cut++) {
            assertThat(scan(before + bad, cut)).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"5;ext", "5;", "5 ", "5\t ", "5 ; a=b", "5;a=\"b;c\";d", "05;chunk-signature=0123456789abcdef"})
    void ignoresChunkExtensionsAndLeavesThemOutWhereverTheyAreCut(String line) {
        String body = "1\r\nx\r\n" + line + "\r\nhello\r\n0;last=1\r\na: b\r\n\r\n";
        String size = line.startsWith("05") ? "05" : "5";
        for (int cut = 0; cut <= body.length(); cut++) {
            ChunkScanner scanner = new ChunkScanner();
            StringBuilder plain = new StringBuilder();
            for (String piece : List.of(body.substring(0, cut), body.substring(cut))) {
                if (scanner.done()) {
                    break;
                }
                ByteBuf in = Unpooled.copiedBuffer("??" + piece, ISO_8859_1).skipBytes(2);
                ByteBuf out = Unpooled.buffer();
                scanner.copyWithoutExtensions(in, scanner.scan(in, null), out);
                plain.append(out.toString(ISO_8859_1));
            }
            assertThat(scanner.done()).as("cut at " + cut).isTrue();
            assertThat(plain).hasToString("1\r\nx\r\n" + size + "\r\nhello\r\n0\r\na: b\r\n\r\n");
        }
    }

    @Test
    void boundsChunkExtensions() {
        assertThat(scan("1;" + "e".repeat(1023) + "\r\nx\r\n1;" + "e".repeat(1023) + "\r\n")
                        .failed())
                .isFalse();
        assertThat(scan("1;" + "e".repeat(1025) + "\r\n").failed()).isTrue();
        assertThat(scan("1" + " ".repeat(1026) + "\r\n").failed()).isTrue();
    }

    @Test
    void isAtABoundaryOnlyBetweenChunks() {
        String body = "1\r\nx\r\n2\r\nyz\r\n0\r\n\r\n";
        for (int i = 0; i < body.length(); i++) {
            assertThat(scan(body.substring(0, i)).boundary()).isEqualTo(i == 0 || i == 6 || i == 13);
        }
        assertThat(scan("1\r\nx\r\nnonsense").boundary()).isTrue();
        assertThat(scan("1\r\nx\r\n5nonsense").boundary()).isFalse();
    }

    @Test
    void boundsTrailers() {
        String field = "t: " + "x".repeat(95) + "\r\n";
        assertThat(scan("0\r\n" + field.repeat(81) + "\r\n").done()).isTrue();
        assertThat(scan("0\r\n" + field.repeat(82) + "\r\n").failed()).isTrue();
    }

    @Test
    void skipsDataWithoutLookingAtIt() {
        ChunkScanner scanner = new ChunkScanner();
        ByteBuf size = Unpooled.copiedBuffer("7fffffffffffff0\r\n", ISO_8859_1);
        scanner.scan(size, null);
        ByteBuf data = Unpooled.wrappedBuffer(new byte[1 << 20]);
        for (int i = 0; i < 10_000; i++) {
            assertThat(scanner.scan(data, null)).isEqualTo(1 << 20);
        }
        assertThat(scanner.failed()).isNull();
    }

    /** Against an implementation nobody here wrote: where it finds an end so do we, and what it refuses we refuse. */
    @Test
    void agreesWithNettyOnRandomBodies() {
        Random random = new Random(42);
        int ends = 0;
        int refused = 0;
        for (int i = 0; i < 4_000; i++) {
            String body = randomBody(random);
            int[] cuts = random.ints(random.nextInt(5), 0, body.length() + 1)
                    .sorted()
                    .toArray();
            Verdict ours = scan(body, cuts);
            int netty = nettyEnd(body);
            if (ours.done()) {
                assertThat(netty).as(body).isEqualTo(ours.bytes());
                ends++;
            } else if (netty == REFUSED) {
                assertThat(ours.failed()).as(body).isTrue();
                refused++;
            } else if (netty != OPEN) {
                assertThat(ours.failed()).as(body).isTrue();
            }
        }
        assertThat(ends).isGreaterThan(500);
        assertThat(refused).isGreaterThan(500);
    }

    private static final int OPEN = -1;
    private static final int REFUSED = -2;

    private static String randomBody(Random random) {
        StringBuilder body = new StringBuilder();
        for (int chunks = random.nextInt(4); chunks > 0; chunks--) {
            int n = 1 + random.nextInt(40);
            body.append("0".repeat(random.nextInt(3)))
                    .append(Integer.toHexString(n))
                    .append("\r\n");
            random.ints(n, 0, 256).forEach(b -> body.append((char) b));
            body.append("\r\n");
        }
        body.append("0\r\n");
        if (random.nextBoolean()) {
            body.append("x-trailer: y\r\n");
        }
        body.append("\r\nHTTP/1.1");
        for (int edits = random.nextInt(3); edits > 0; edits--) {
            body.setCharAt(random.nextInt(body.length()), "0159afg;\r\n \0:".charAt(random.nextInt(13)));
        }
        return body.toString();
    }

    /** Bytes of the body as Netty sees it, or {@link #OPEN} or {@link #REFUSED}. */
    private static int nettyEnd(String body) {
        EmbeddedChannel channel = new EmbeddedChannel(new HttpResponseDecoder());
        try {
            write(channel, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
            // One byte at a time: the byte with which the last content comes is the end.
            for (int i = 0; i < body.length(); i++) {
                write(channel, body.substring(i, i + 1));
                for (HttpObject read = channel.readInbound(); read != null; read = channel.readInbound()) {
                    ReferenceCountUtil.release(read);
                    if (read.decoderResult().isFailure()) {
                        return REFUSED;
                    }
                    if (read instanceof LastHttpContent) {
                        return i + 1;
                    }
                }
            }
            return OPEN;
        } finally {
            channel.finishAndReleaseAll();
        }
    }

    private static void write(EmbeddedChannel channel, String bytes) {
        channel.writeInbound(Unpooled.copiedBuffer(bytes, ISO_8859_1));
    }
}
