package io.costoptimal.gateway.objects;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;

/**
 * Picks out of an event stream the data in which ids of new objects stand: that of its first event, and of events that begin an
 * item of a response. Confined to the event loop of its exchange.
 *
 * <p>Of most events it looks at the first {@value #PREFIX} bytes of a line, and searches the rest for its end.
 */
final class EventData {

    /** Enough for the type of an event, which its data begin with. */
    private static final int PREFIX = 64;

    /** Events that tell of an item are short when it begins. */
    private static final int LONGEST = 64 * 1024;

    private static final String DATA = "data:";
    private static final String ITEM = "response.output_item.added\"";

    private final Consumer<byte[]> found;
    /** The present line up to now. */
    private byte[] line = new byte[PREFIX];

    private int length;
    /** The rest of the present line is of no interest. */
    private boolean passing;

    private boolean first = true;

    /** @param found gets the data of each such event */
    EventData(Consumer<byte[]> found) {
        this.found = found;
    }

    /** Looks at bytes of {@code buf}, borrowed. */
    void take(ByteBuf buf, int index, int bytes) {
        int end = index + bytes;
        int at = index;
        while (at < end) {
            int feed = buf.indexOf(at, end, (byte) '\n');
            int lineEnd = feed < 0 ? end : feed;
            if (!passing) {
                keep(buf, at, lineEnd);
            }
            if (feed >= 0) {
                endLine();
                lineEnd++;
            }
            at = lineEnd;
        }
    }

    private void keep(ByteBuf buf, int from, int to) {
        if (length < PREFIX) {
            int n = Math.min(PREFIX - length, to - from);
            append(buf, from, n);
            if (length < PREFIX) {
                return;
            }
            passing = !isWanted();
            from += n;
        }
        passing |= length + to - from > LONGEST;
        if (!passing) {
            append(buf, from, to - from);
        }
    }

    private void append(ByteBuf buf, int from, int n) {
        if (length + n > line.length) {
            line = Arrays.copyOf(line, Math.max(2 * line.length, length + n));
        }
        buf.getBytes(from, line, length, n);
        length += n;
    }

    private boolean isWanted() {
        String begin = new String(line, 0, Math.min(length, PREFIX), StandardCharsets.ISO_8859_1);
        return begin.startsWith(DATA) && (first || begin.contains(ITEM));
    }

    private void endLine() {
        if (!passing && isWanted()) {
            first = false;
            found.accept(Arrays.copyOfRange(line, DATA.length(), length));
        }
        length = 0;
        passing = false;
    }
}
