package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.ExtraUsage.Fate;
import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ClientSide.Ending;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;

/**
 * Hands a chat stream on without the event that tells usage, which the gateway asked for and the client did not (RFC 9112, 7.1
 * for the chunks). All other payload passes byte for byte. Confined to the event loop of the exchange.
 *
 * <p>A read of which everything passes is handed on as it came, as {@link Verbatim} does, if no chunk begins or ends outside
 * it. Any other is copied into one chunk. An event that is not whole is kept back until it is known what it is, some kilobytes
 * at most. The length that the provider announced is no longer true, so a client that takes chunks gets those, and any other
 * has its connection closed behind the answer.
 */
final class WithoutExtraUsage implements AnswerWriter, PayloadSink {

    private static final int CRLF = '\r' << 8 | '\n';
    private static final byte[] LAST_CHUNK = "0\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    /** Bytes around the payload of a chunk, at most. */
    private static final int AROUND = 2 * Integer.BYTES + 4;

    private final ClientSide client;
    private final AnswerBody body;
    private final Ending ending;
    private final PassedRanges ranges = new PassedRanges();

    /** What former reads left open; {@code null} when they left nothing. */
    private ByteBuf held;
    /** Whether the provider's framing was between two chunks when the present read began. */
    private boolean betweenChunks = true;

    private boolean begun;
    private boolean ended;

    /** @param body of the answer, scanned by whoever hands over its pieces */
    WithoutExtraUsage(ClientSide client, AnswerBody body) {
        this.client = client;
        this.body = body;
        ending = client.takesChunks() && !body.endsWithConnection() ? Ending.CHUNKS : Ending.END;
    }

    @Override
    public PayloadSink sink() {
        return this;
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        ranges.payload(buf, index, length);
    }

    @Override
    public void begin(ResponseHead head, ByteBuf piece, int length) {
        begun = true;
        head.dropLength();
        if (asItCame()) {
            client.begin(head, ending, part(piece, length));
            return;
        }
        try {
            client.begin(head, ending, anew(piece));
        } finally {
            // Only now, since the head may be read from this buffer.
            piece.release();
        }
    }

    @Override
    public void body(ByteBuf piece, int length) {
        ByteBuf passing;
        if (asItCame()) {
            passing = part(piece, length);
        } else {
            try {
                passing = anew(piece);
            } finally {
                piece.release();
            }
        }
        if (passing.isReadable()) {
            client.body(passing);
        } else {
            passing.release();
        }
    }

    /** Whether what was read last may be handed on in its own buffer. Moves on to the next read if so. */
    private boolean asItCame() {
        boolean inChunks = body.chunked();
        boolean sameFraming = inChunks == (ending == Ending.CHUNKS);
        boolean wholeChunks = !inChunks || betweenChunks && (body.mayBeFollowed() || body.done());
        if (held != null || !ranges.all() || !sameFraming || !wholeChunks || body.hasExtensions()) {
            return false;
        }
        ended |= body.done();
        ranges.nextRead();
        return true;
    }

    private static ByteBuf part(ByteBuf piece, int length) {
        return piece.writerIndex(piece.readerIndex() + length);
    }

    /** Borrows {@code piece}; returns a new buffer with what passes of it, in the coding of the answer. Moves on to the next read. */
    private ByteBuf anew(ByteBuf piece) {
        boolean last = body.done() && !ended;
        boolean openPasses = last && !ranges.openIsExtra();
        ByteBuf first = ranges.former() == Fate.PASSES || ranges.former() == Fate.OPEN && openPasses ? held : null;
        int open = openPasses ? ranges.openLength() : 0;
        ByteBuf out = chunk((first == null ? 0 : first.readableBytes()) + ranges.length() + open);
        try {
            if (first != null) {
                out.writeBytes(first);
            }
            ranges.copyTo(piece, out);
            if (openPasses) {
                ranges.copyOpenTo(piece, out);
            }
            endChunk(out, last);
            hold(piece, last);
        } catch (Throwable e) {
            out.release();
            throw e;
        }
        betweenChunks = body.mayBeFollowed();
        ranges.nextRead();
        return out;
    }

    /** Returns a buffer for {@code n} bytes of payload, which come next. */
    private ByteBuf chunk(int n) {
        ByteBuf out = client.alloc().ioBuffer(n + AROUND + LAST_CHUNK.length);
        if (ending == Ending.CHUNKS && n > 0) {
            ByteBufUtil.writeAscii(out, Integer.toHexString(n));
            out.writeShort(CRLF);
        }
        return out;
    }

    private void endChunk(ByteBuf out, boolean last) {
        if (ending == Ending.CHUNKS) {
            if (out.isReadable()) {
                out.writeShort(CRLF);
            }
            if (last) {
                out.writeBytes(LAST_CHUNK);
            }
        }
        ended |= last;
    }

    /** Keeps back what is open of {@code piece}, beside what was kept of its event, and lets go of the rest. */
    private void hold(ByteBuf piece, boolean last) {
        int open = last ? 0 : ranges.openLength();
        if (last || ranges.former() != Fate.OPEN) {
            releaseHeld();
        }
        if (open > 0) {
            held = held == null ? client.alloc().ioBuffer(open) : held;
            ranges.copyOpenTo(piece, held);
        }
    }

    private void releaseHeld() {
        if (held != null) {
            held.release();
            held = null;
        }
    }

    @Override
    public void drop() {
        ranges.nextRead();
    }

    /** What was kept back and never became the event is the client's, as all that came before the end. */
    @Override
    public void over() {
        if (held == null) {
            return;
        }
        ByteBuf rest = held;
        held = null;
        try {
            if (begun && !ranges.openIsExtra()) {
                ByteBuf out = chunk(rest.readableBytes()).writeBytes(rest);
                endChunk(out, false);
                client.body(out);
            }
        } finally {
            rest.release();
        }
    }
}
