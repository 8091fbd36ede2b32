package io.costoptimal.gateway.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.http.ResponseHead.Persistence;
import io.costoptimal.gateway.http.ResponseHead.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A head written where it lies is the head written anew, and touches nothing around it. */
class ResponseHeadRewriteTest {

    private static final ByteBufAllocator ALLOC = PooledByteBufAllocator.DEFAULT;
    private static final String BEFORE = "what came before";
    private static final AddedFields ADDED = out -> out.writeBytes("x-request-id: ours\r\n".getBytes(ISO_8859_1));
    private static final String BODY = "{\"the\": \"body\"}\r\n\r\nconnection: close\r\n";
    private static final List<String> NAMES = List.of(
            "Connection",
            "keep-alive",
            "Proxy-Connection",
            "TE",
            "Upgrade",
            "HTTP2-Settings",
            "Trailer",
            "Content-Length",
            "content-encoding",
            "Content-Type",
            "x-nominated",
            "X-Other",
            "openai-version",
            "date",
            "X-Request-Id",
            "request-id",
            "x_y.z~1");

    private final ResponseHead head = new ResponseHead(64 * 1024);

    @AfterEach
    void clear() {
        head.clear();
    }

    @Test
    void rewritesAHeadAsItWouldBeWrittenAnew() {
        Random random = new Random(4711);
        int rewritten = 0;
        for (int i = 0; i < 3_000; i++) {
            String room = BEFORE.substring(0, random.nextInt(BEFORE.length()));
            rewritten += check(room, random(random), random.nextBoolean(), persistence(random)) ? 1 : 0;
        }
        assertThat(rewritten).isBetween(1_000, 2_900);
    }

    private static Persistence persistence(Random random) {
        return Persistence.values()[random.nextInt(3)];
    }

    private static String random(Random random) {
        StringBuilder out = new StringBuilder(random.nextInt(4) == 0 ? "HTTP/1.0 " : "HTTP/1.1 ");
        out.append(List.of("200 OK", "204 No Content", "304", "429 Too many", "200 ")
                .get(random.nextInt(5)));
        out.append("\r\n");
        boolean length = false;
        for (int n = random.nextInt(12); n > 0; n--) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            if (name.equals("Content-Length")) {
                if (length) {
                    continue;
                }
                length = true;
            }
            out.append(name).append(": ").append(value(name, random)).append("\r\n");
        }
        if (random.nextInt(3) == 0) {
            out.append("Transfer-Encoding:")
                    .append(" ".repeat(random.nextInt(3)))
                    .append("chunked\r\n");
        }
        return out.append("\r\n").toString();
    }

    private static String value(String name, Random random) {
        return switch (name) {
            case "Connection" ->
                List.of("close", "keep-alive, X-Nominated", "x-nominated", "", "transfer-encoding")
                        .get(random.nextInt(5));
            case "Content-Length" -> Integer.toString(random.nextInt(9999));
            default -> "v".repeat(random.nextInt(100) == 0 ? random.nextInt(9000) : random.nextInt(30));
        };
    }

    /** Returns whether the head could be rewritten. */
    private boolean check(String room, String bytes, boolean chunked, Persistence persistence) {
        ByteBuf in = Unpooled.directBuffer().writeBytes((room + bytes + BODY).getBytes(ISO_8859_1));
        in.readerIndex(room.length());
        try (AutoReleased around = new AutoReleased(in)) {
            assertThat(head.read(in, ALLOC)).isEqualTo(Progress.COMPLETE);
            String anew = anew(chunked, persistence);
            String all = around.all();
            int body = in.readerIndex();
            int start = head.rewrite(chunked, persistence, ADDED);
            assertThat(in.readerIndex()).isEqualTo(body);
            assertThat(anew.length() <= room.length() + bytes.length()).isEqualTo(start >= 0);
            String now = around.all();
            if (start < 0) {
                assertThat(now).isEqualTo(all);
                assertThat(anew(chunked, persistence)).isEqualTo(anew);
                return false;
            }
            assertThat(now.substring(start)).isEqualTo(anew + BODY);
            assertThat(now).startsWith(all.substring(0, start));
            return true;
        } finally {
            head.clear();
        }
    }

    private String anew(boolean chunked, Persistence persistence) {
        ByteBuf out = head.write(ALLOC, chunked, persistence, ADDED, 0);
        try {
            return out.toString(ISO_8859_1);
        } finally {
            out.release();
        }
    }

    private record AutoReleased(ByteBuf buf) implements AutoCloseable {

        String all() {
            return buf.toString(0, buf.writerIndex(), ISO_8859_1);
        }

        @Override
        public void close() {
            buf.release();
        }
    }

    @Test
    void touchesNoSliceBesideTheHead() {
        String bytes = "HTTP/1.1 200 OK\r\na: 1\r\nConnection: x\r\nb: 2\r\n\r\n";
        ByteBuf all = Unpooled.copiedBuffer(BEFORE + bytes + BODY, ISO_8859_1);
        ByteBuf before = all.readRetainedSlice(BEFORE.length());
        ByteBuf in = all.readRetainedSlice(bytes.length());
        assertThat(head.read(in, ALLOC)).isEqualTo(Progress.COMPLETE);
        int start = head.rewrite(false, Persistence.IMPLIED, AddedFields.NONE);
        assertThat(in.readerIndex(start).toString(ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK\r\na: 1\r\nb: 2\r\n\r\n");
        assertThat(before.toString(ISO_8859_1)).isEqualTo(BEFORE);
        assertThat(all.toString(ISO_8859_1)).isEqualTo(BODY);
        before.release();
        in.release();
        all.release();
    }

    @Test
    void rewritesTheHeadBehindAnInterimOne() {
        String interim = "HTTP/1.1 103 Early\r\nlink: x\r\n\r\n";
        String bytes = "HTTP/1.1 200 OK\r\nte: x\r\na: 1\r\n\r\n";
        ByteBuf in = Unpooled.copiedBuffer(interim + bytes + BODY, ISO_8859_1);
        head.read(in, ALLOC);
        head.clear();
        head.read(in, ALLOC);
        int start = head.rewrite(false, Persistence.IMPLIED, AddedFields.NONE);
        assertThat(start).isEqualTo(interim.length() + "te: x\r\n".length());
        assertThat(in.readerIndex(start).toString(ISO_8859_1)).isEqualTo("HTTP/1.1 200 OK\r\na: 1\r\n\r\n" + BODY);
    }

    @Test
    void doesNotRewriteWhatCameInPieces() {
        String bytes = "HTTP/1.1 200 OK\r\nte: x\r\na: 1\r\n\r\n";
        for (int cut = 1; cut < bytes.length(); cut++) {
            ByteBuf first = Unpooled.copiedBuffer(bytes.substring(0, cut), ISO_8859_1);
            ByteBuf second = Unpooled.copiedBuffer(bytes.substring(cut) + BODY, ISO_8859_1);
            assertThat(head.read(first, ALLOC)).isEqualTo(Progress.MORE);
            assertThat(head.read(second, ALLOC)).isEqualTo(Progress.COMPLETE);
            assertThat(head.rewrite(false, Persistence.IMPLIED, AddedFields.NONE))
                    .isEqualTo(-1);
            assertThat(anew(false, Persistence.IMPLIED))
                    .isEqualTo("HTTP/1.1 200 OK\r\na: 1\r\nx-request-id: ours\r\n\r\n");
            assertThat(second.toString(ISO_8859_1)).isEqualTo(BODY);
            head.clear();
        }
    }

    @Test
    void doesNotRewriteWhatMustNotBeChanged() {
        String bytes = "HTTP/1.1 200 OK\r\nte: x\r\n\r\n";
        ByteBuf in = Unpooled.copiedBuffer(bytes, ISO_8859_1).asReadOnly();
        assertThat(head.read(in, ALLOC)).isEqualTo(Progress.COMPLETE);
        assertThat(head.rewrite(false, Persistence.IMPLIED, AddedFields.NONE)).isEqualTo(-1);
        assertThat(in.readerIndex(0).toString(ISO_8859_1)).isEqualTo(bytes);
    }

    /** What a head is taken for may not depend on how it is cut, nor on where it lies in the array that is looked at. */
    @Test
    void readsADamagedHeadTheSameInOnePieceAndByteByByte() {
        Random random = new Random(815);
        String damage = "\r\n\t \0\u007f\u0080:,x";
        for (int i = 0; i < 300; i++) {
            StringBuilder bytes = new StringBuilder(random(random));
            for (int n = random.nextInt(3); n > 0; n--) {
                bytes.setCharAt(random.nextInt(bytes.length()), damage.charAt(random.nextInt(damage.length())));
            }
            String whole = read(bytes.toString(), bytes.length());
            assertThat(read(bytes.toString(), 1)).as(bytes.toString()).isEqualTo(whole);
            assertThat(read(bytes.toString(), 1 + random.nextInt(99))).isEqualTo(whole);
        }
    }

    private String read(String bytes, int step) {
        Progress progress = Progress.MORE;
        int at = 0;
        for (; progress == Progress.MORE && at < bytes.length(); at += step) {
            String piece = bytes.substring(at, Math.min(bytes.length(), at + step));
            ByteBuf in = Unpooled.copiedBuffer(piece, ISO_8859_1);
            progress = head.read(in, ALLOC);
        }
        String made = progress == Progress.COMPLETE
                ? anew(false, Persistence.CLOSE) + head.framing("POST") + head.keepAlive() + head.coding()
                : progress.toString();
        head.clear();
        return made;
    }
}
