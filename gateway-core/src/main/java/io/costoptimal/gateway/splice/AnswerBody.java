package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.ChunkScanner;
import io.costoptimal.gateway.http.PayloadSink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/** How far the body of one provider's answer has come, by its framing. Confined to one event loop. */
final class AnswerBody {

    /** {@code null} unless chunked. */
    private final ChunkScanner chunks;

    private final boolean untilClose;
    private long left;

    /** @param framing not a {@link BodyFraming.Violation} */
    AnswerBody(BodyFraming framing) {
        chunks = framing == BodyFraming.Plain.CHUNKED ? new ChunkScanner() : null;
        untilClose = framing == BodyFraming.Plain.UNTIL_CLOSE;
        left = framing instanceof BodyFraming.Length length ? length.bytes() : untilClose ? Long.MAX_VALUE : 0;
    }

    /**
     * Reads on.
     *
     * @param bytes borrowed, unchanged
     * @param sink sees the payload; may be {@code null}
     * @return how many bytes from the reader index on belong to the body; what follows them is surplus
     */
    int scan(ByteBuf bytes, PayloadSink sink) {
        if (chunks != null) {
            return done() || failure() != null ? 0 : chunks.scan(bytes, sink);
        }
        int n = (int) Math.min(left, bytes.readableBytes());
        left -= n;
        if (n > 0 && sink != null) {
            sink.payload(bytes, bytes.readerIndex(), n);
        }
        return n;
    }

    /** Whether the bytes scanned last hold chunk extensions, or blanks in their place, which the client is spared. */
    boolean hasExtensions() {
        return chunks != null && chunks.hasExtensions();
    }

    /** Returns a new buffer with the {@code n} bytes that were scanned last, but for chunk extensions. */
    ByteBuf withoutExtensions(ByteBuf bytes, int n, ByteBufAllocator alloc) {
        ByteBuf out = alloc.ioBuffer(n);
        chunks.copyWithoutExtensions(bytes, n, out);
        return out;
    }

    /** Whether it has ended; never true of one that ends with its connection. */
    boolean done() {
        return chunks == null ? left == 0 : chunks.done();
    }

    /** What is wrong with its framing; {@code null} while nothing is. */
    String failure() {
        return chunks == null ? null : chunks.failed();
    }

    boolean chunked() {
        return chunks != null;
    }

    boolean endsWithConnection() {
        return untilClose;
    }

    /** Whether bytes of ours may follow what has come so far without breaking the framing. */
    boolean mayBeFollowed() {
        return chunks == null ? untilClose : chunks.atBoundary();
    }
}
