package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.Dechunker;
import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ClientSide.Ending;
import io.netty.buffer.ByteBuf;

/**
 * Hands an answer on as it came: the body in the buffers in which it was read (traps 5.2). Bytes behind its end do not pass,
 * nor do chunk extensions, nor chunks for a client that takes none. Confined to the event loop of the exchange.
 */
final class Verbatim implements AnswerWriter {

    private final ClientSide client;
    private final AnswerBody body;
    /** {@code null} unless the client cannot read the chunks that come. */
    private final Dechunker dechunker;

    /** @param body of the answer, scanned by whoever hands over its pieces */
    Verbatim(ClientSide client, AnswerBody body) {
        this.client = client;
        this.body = body;
        dechunker = body.chunked() && !client.takesChunks() ? new Dechunker(client.alloc()) : null;
    }

    @Override
    public PayloadSink sink() {
        return dechunker;
    }

    @Override
    public void begin(ResponseHead head, ByteBuf piece, int length) {
        if (asItCame()) {
            client.begin(head, ending(), part(piece, length));
            return;
        }
        try {
            client.begin(head, ending(), copy(piece, length));
        } finally {
            // Only now, since the head may be read from this buffer.
            piece.release();
        }
    }

    private Ending ending() {
        if (body.endsWithConnection() || dechunker != null) {
            return Ending.END;
        }
        return body.chunked() ? Ending.CHUNKS : Ending.LENGTH;
    }

    @Override
    public void body(ByteBuf piece, int length) {
        ByteBuf passing = passing(piece, length);
        if (passing.isReadable()) {
            client.body(passing);
        } else {
            passing.release();
        }
    }

    @Override
    public void drop() {
        if (dechunker != null) {
            dechunker.take().release();
        }
    }

    /** Takes {@code piece} and returns what of it the client gets. */
    private ByteBuf passing(ByteBuf piece, int length) {
        if (asItCame()) {
            return part(piece, length);
        }
        try {
            return copy(piece, length);
        } finally {
            piece.release();
        }
    }

    private boolean asItCame() {
        return dechunker == null && !body.hasExtensions();
    }

    private static ByteBuf part(ByteBuf piece, int length) {
        return piece.writerIndex(piece.readerIndex() + length);
    }

    /** Borrows {@code piece}. */
    private ByteBuf copy(ByteBuf piece, int length) {
        return dechunker != null ? dechunker.take() : body.withoutExtensions(piece, length, client.alloc());
    }
}
