package io.costoptimal.gateway.h2;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2FrameTypes;

/**
 * Reads along where frames begin, before anything else looks at them: counts those that cost the gateway more than the client,
 * and knows whether a head has begun and not ended. Confined to the event loop of its connection.
 *
 * <p>Every such frame takes from an allowance, which time and answers give back: floods of PING, SETTINGS, PRIORITY,
 * WINDOW_UPDATE, CONTINUATION, unknown frames and frames with no data have no effect but the end of their connection.
 */
final class FrameTrack {

    /** Length of the preface that stands before the first frame (RFC 9113, 3.4). */
    private static final int PREFACE = 24;

    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    /** DATA that is shorter than this carries next to nothing. */
    private static final int TINY = 64;
    /** What SETTINGS cost, each of which is acknowledged and may change the window of every stream. */
    private static final int SETTINGS_COST = 10;

    private final FloodGuard guard;
    private final byte[] header = new byte[Frames.HEADER];
    private int known;
    private int skip = PREFACE;
    private boolean headOpen;

    FrameTrack(FloodGuard guard) {
        this.guard = guard;
    }

    /** Reads {@code bytes}, borrowed and unchanged, which follow the last ones. */
    void read(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (skip > 0) {
                int n = Math.min(skip, end - at);
                skip -= n;
                at += n;
                continue;
            }
            int n = Math.min(Frames.HEADER - known, end - at);
            bytes.getBytes(at, header, known, n);
            known += n;
            at += n;
            if (known == Frames.HEADER) {
                known = 0;
                frame((header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff);
            }
        }
    }

    private void frame(int length) {
        skip = length;
        int flags = header[4];
        switch (header[3]) {
            case Http2FrameTypes.DATA -> {
                if (length < TINY && (flags & END_STREAM) == 0) {
                    guard.control(1);
                }
            }
            case Http2FrameTypes.HEADERS -> {
                headOpen = (flags & END_HEADERS) == 0;
                guard.useful(1);
            }
            case Http2FrameTypes.CONTINUATION -> {
                headOpen &= (flags & END_HEADERS) == 0;
                guard.control(1);
            }
            case Http2FrameTypes.SETTINGS -> guard.control(SETTINGS_COST);
            default -> guard.control(1);
        }
    }

    /** Whether a head has begun whose end has not come. */
    boolean midHead() {
        return headOpen
                || skip > 0 && (header[3] == Http2FrameTypes.HEADERS || header[3] == Http2FrameTypes.CONTINUATION);
    }
}
