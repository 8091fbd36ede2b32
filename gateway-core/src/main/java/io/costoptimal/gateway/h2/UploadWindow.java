package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.HeldBody;
import io.netty.handler.codec.http2.Http2Stream;

/**
 * How much the client of one stream may send ahead of what its stages have taken, and the memory for that. Confined to the
 * event loop of the connection, which uses it for one stream after another.
 *
 * <p>The window is {@link Http2Setup#STREAM_WINDOW} to begin with. It grows with what has come of a body, by what there is
 * room for in the memory for bodies, and that room is kept for it. Bytes that have come and are wanted by nobody yet fill
 * that room first, and are counted one by one beyond it. Bytes of who is not authorised are counted with unfinished heads.
 */
final class UploadWindow {

    /** What one body may send ahead at most. */
    static final int MOST = 1024 * 1024;

    /** Bytes that must have come since a growth was refused before the next one is asked for. */
    private static final int PAUSE = Http2Setup.STREAM_WINDOW / 2;

    private final UploadWindows all;

    private Http2Stream stream;
    /** Of the body; negative when that is not known. */
    private long length;
    /** What the window has grown by, and memory is kept for. */
    private int grown;

    private long askedAt;
    private boolean authorised;
    /** Memory of what is wanted by nobody yet. */
    private int used;
    /** As much of it as {@link #grown} has no room for. */
    private int beyond;
    /** Where that was taken. */
    private BodyMemory source;

    UploadWindow(UploadWindows all) {
        this.all = all;
    }

    /** @param announced length of the body, negative when it was not told */
    void begins(Http2Stream begun, long announced) {
        stream = begun;
        length = announced;
        askedAt = 0;
        authorised = false;
    }

    /** The client has shown a key that counts. */
    void authorised() {
        authorised = true;
    }

    /** Grows, if its client is authorised and the body is long enough for that; {@code received} bytes of it have come, and their client may send more. */
    void grow(long received) {
        long left = length < 0 ? MOST : length - received;
        long wanted = Math.min(Math.min(left, MOST), Http2Setup.STREAM_WINDOW + 2 * received);
        int more = (int) wanted - Http2Setup.STREAM_WINDOW - grown;
        if (!authorised || more < UploadWindows.LEAST || received < askedAt) {
            return;
        }
        int got = all.grow(stream, more);
        grown += got;
        if (got < more) {
            askedAt = received + PAUSE;
        }
    }

    /** Takes memory for {@code bytes} that nobody wants yet, or nothing and returns false. */
    boolean take(int bytes) {
        int more = used + bytes - grown - beyond;
        if (used == 0) {
            source = all.memory(authorised);
        }
        if (more > 0) {
            if (!source.take(more, large())) {
                return false;
            }
            beyond += more;
        }
        used += bytes;
        return true;
    }

    /** Gives back memory of {@code bytes} that were taken. */
    void giveBack(int bytes) {
        used -= bytes;
        int over = beyond - Math.max(0, used - grown);
        if (over > 0) {
            beyond -= over;
            source.giveBack(over, large());
        }
    }

    private boolean large() {
        return length > HeldBody.SHORT;
    }

    /** Nobody wants any of the body any more: gives back what was kept for it, of which nothing is used. */
    void ends() {
        int released = grown;
        grown = 0;
        if (released > 0) {
            all.giveBack(released);
        }
    }
}
