package io.costoptimal.gateway.tokens;

import com.knuddels.jtokkit.api.Encoding;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Adds up the tokens of one body until they exceed a limit. Confined to one thread.
 *
 * <p>A body is a fixed sequence of units: pieces of text and overheads. A tally that stopped at a limit remembers how many
 * units it has counted, so that a later walk over the same body passes those by without a tokenizer.
 */
final class Tally {

    private static final char REPLACEMENT = '\ufffd';

    private final Encoding encoding;
    private final long limit;
    private final long unitsBefore;
    private final BooleanSupplier cancelled;
    private long units;
    private long count;
    private long textBytes;

    /** The last piece that was cut for its length alone, and its count: a wall of one character is counted once. */
    private String lastWall;

    private int lastWallCount;

    /**
     * Starts at nothing.
     *
     * @param cancelled asked before each piece; when true, counting ends with a {@link CancellationException}
     */
    Tally(Encoding encoding, long limit, BooleanSupplier cancelled) {
        this(encoding, limit, cancelled, 0, 0);
    }

    private Tally(Encoding encoding, long limit, BooleanSupplier cancelled, long units, long count) {
        this.encoding = encoding;
        this.limit = limit;
        this.cancelled = cancelled;
        this.unitsBefore = units;
        this.count = count;
    }

    /** Returns a tally for another walk over the same body that goes on where this one stopped. */
    Tally resume(long newLimit) {
        return new Tally(encoding, newLimit, cancelled, Math.max(units, unitsBefore), count);
    }

    /** Whether the limit is exceeded, so that nothing more needs to be looked at. */
    boolean settled() {
        return count > limit;
    }

    long count() {
        return count;
    }

    /** UTF-8 bytes of the text given to the tokenizer by this tally. */
    long textBytes() {
        return textBytes;
    }

    /** Adds overhead. */
    void add(int tokens) {
        if (!settled() && unseen()) {
            count += tokens;
        }
    }

    /** Adds the tokens of the text that {@code window} was opened on, a whole text by itself. */
    void text(TextWindow window) {
        while (!settled() && window.fill()) {
            int from = window.from();
            int next = SafeCut.next(window.chars(), from, window.end());
            if (unseen()) {
                String piece = wellFormed(window.chars(), from, next);
                textBytes += utf8Length(piece);
                count += next - from >= SafeCut.LONGEST - 1 ? wall(piece) : encoding.countTokensOrdinary(piece);
            }
            window.taken(next);
        }
    }

    private int wall(String piece) {
        if (!piece.equals(lastWall)) {
            lastWallCount = encoding.countTokensOrdinary(piece);
            lastWall = piece;
        }
        return lastWallCount;
    }

    private boolean unseen() {
        if (cancelled.getAsBoolean()) {
            throw new CancellationException();
        }
        return ++units > unitsBefore;
    }

    /** Lone surrogates become U+FFFD, as in OpenAI's own tokenizer; jtokkit does a different thing in each encoding. */
    private static String wellFormed(char[] text, int from, int end) {
        for (int i = from; i < end; i++) {
            if (isLone(text, i, from, end)) {
                return repaired(text, from, end);
            }
        }
        return new String(text, from, end - from);
    }

    private static String repaired(char[] text, int from, int end) {
        StringBuilder out = new StringBuilder(end - from);
        for (int i = from; i < end; i++) {
            out.append(isLone(text, i, from, end) ? REPLACEMENT : text[i]);
        }
        return out.toString();
    }

    private static boolean isLone(char[] text, int i, int from, int end) {
        char c = text[i];
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? i + 1 == end || !Character.isLowSurrogate(text[i + 1])
                : i == from || !Character.isHighSurrogate(text[i - 1]);
    }

    private static int utf8Length(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Both halves of a pair count 2, which makes the 4 bytes it takes.
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }
}
