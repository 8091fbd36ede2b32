package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The text of an answer in the fragments a stream sends it in, escaped for the inside of a JSON string. Immutable. */
sealed interface Text {

    /** No text at all. */
    Text NONE = new Fragments(List.of());

    /** Number of fragments. */
    int count();

    /** Bytes of all fragments, time stamps not counted. */
    long bytes();

    /** Writes fragment {@code index} to {@code out}, which is borrowed. */
    void write(ByteBuf out, int index);

    /** Writes all fragments to {@code out}, which is borrowed. */
    default void writeAll(ByteBuf out) {
        for (int i = 0; i < count(); i++) {
            write(out, i);
        }
    }

    /** Fragments as they are. */
    static Text of(List<byte[]> fragments) {
        return new Fragments(fragments);
    }

    /** Returns {@code text} cut into fragments of at most {@code chars} characters. */
    static Text of(String text, int chars) {
        List<byte[]> fragments = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + chars);
            if (to < text.length() && Character.isHighSurrogate(text.charAt(to - 1))) {
                to++;
            }
            fragments.add(Json.escape(text.substring(from, to)).getBytes(StandardCharsets.UTF_8));
            from = to;
        }
        return new Fragments(fragments);
    }

    /** Known text. */
    record Fragments(List<byte[]> fragments) implements Text {

        @Override
        public int count() {
            return fragments.size();
        }

        @Override
        public long bytes() {
            return fragments.stream().mapToLong(fragment -> fragment.length).sum();
        }

        @Override
        public void write(ByteBuf out, int index) {
            out.writeBytes(fragments.get(index));
        }
    }

    /**
     * One sentence over and over.
     *
     * @param count number of fragments
     * @param size bytes of each
     * @param stamped whether each begins with the time it is written
     */
    record Filler(int count, int size, boolean stamped) implements Text {

        private static final byte[] SENTENCE =
                "This is a simulated answer, the same for every request it gets. ".getBytes(StandardCharsets.US_ASCII);
        private static final byte[] PAGE = page();
        private static final int STAMP_DIGITS = 19;

        private static byte[] page() {
            byte[] page = new byte[SENTENCE.length * 256];
            for (int i = 0; i < page.length; i += SENTENCE.length) {
                System.arraycopy(SENTENCE, 0, page, i, SENTENCE.length);
            }
            return page;
        }

        @Override
        public long bytes() {
            return (long) count * size;
        }

        @Override
        public void write(ByteBuf out, int index) {
            if (stamped) {
                stamp(out, System.nanoTime());
            }
            int from = (int) ((long) index * size % SENTENCE.length);
            for (int left = size; left > 0; ) {
                int n = Math.min(left, PAGE.length - from);
                out.writeBytes(PAGE, from, n);
                left -= n;
                from = (from + n) % SENTENCE.length;
            }
        }

        private static void stamp(ByteBuf out, long nanos) {
            out.ensureWritable(STAMP_DIGITS + 3).writeByte('t').writeByte('=');
            int start = out.writerIndex();
            long left = nanos;
            for (int at = STAMP_DIGITS - 1; at >= 0; at--) {
                out.setByte(start + at, (int) ('0' + left % 10));
                left /= 10;
            }
            out.writerIndex(start + STAMP_DIGITS).writeByte(' ');
        }
    }
}
