package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * Writes the pieces of a body with edits: ranges of the body and the bytes of the edits in turn. Stateless; the pieces are
 * borrowed. Who calls has checked the edits.
 */
final class EditedPieces {

    private EditedPieces() {}

    /** Appends copies to {@code out}, which is borrowed. */
    static void copy(List<ByteBuf> pieces, int length, List<BodyEdit> edits, ByteBuf out) {
        int at = 0;
        for (int i = 0; i < edits.size(); i++) {
            BodyEdit edit = edits.get(i);
            copyRange(pieces, at, edit.start(), out);
            out.writeBytes(edit.bytes());
            at = edit.end();
        }
        copyRange(pieces, at, length, out);
    }

    private static void copyRange(List<ByteBuf> pieces, int from, int to, ByteBuf out) {
        int at = 0;
        for (int i = 0; i < pieces.size() && at < to; i++) {
            ByteBuf piece = pieces.get(i);
            int next = at + piece.readableBytes();
            int first = Math.max(at, from);
            if (first < next) {
                out.writeBytes(piece, piece.readerIndex() + first - at, Math.min(next, to) - first);
            }
            at = next;
        }
    }

    /** Adds buffers to {@code out}, each to be released by whoever takes it from there. */
    static void slice(List<ByteBuf> pieces, int length, List<BodyEdit> edits, List<ByteBuf> out) {
        int at = 0;
        for (int i = 0; i < edits.size(); i++) {
            BodyEdit edit = edits.get(i);
            sliceRange(pieces, at, edit.start(), out);
            if (edit.bytes().length > 0) {
                out.add(Unpooled.wrappedBuffer(edit.bytes()));
            }
            at = edit.end();
        }
        sliceRange(pieces, at, length, out);
    }

    private static void sliceRange(List<ByteBuf> pieces, int from, int to, List<ByteBuf> out) {
        int at = 0;
        for (int i = 0; i < pieces.size() && at < to; i++) {
            ByteBuf piece = pieces.get(i);
            int next = at + piece.readableBytes();
            int first = Math.max(at, from);
            if (first < next) {
                out.add(piece.retainedSlice(piece.readerIndex() + first - at, Math.min(next, to) - first));
            }
            at = next;
        }
    }
}
