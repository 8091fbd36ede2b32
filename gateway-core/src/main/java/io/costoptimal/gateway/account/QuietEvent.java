package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.costoptimal.gateway.http.Swar;

/**
 * Recognises events of a chat stream that need not be read, as nearly all of them: no member of such an event is called
 * {@code usage}, {@code error} or {@code type}, or its usage is null. Looks at bytes only. Stateless.
 */
final class QuietEvent {

    /** What begins here has to be read: it is no quiet event, or not whole, or written in an unusual way. */
    static final int NONE = -1;

    private static final long BEGIN = Swar.word("data: {\"".getBytes(US_ASCII), 0);
    private static final byte[] NULL = "\":null".getBytes(US_ASCII);

    private static final int NOTHING_HERE = -2;

    private QuietEvent() {}

    /**
     * The index behind the blank line of a quiet event, or {@link #NONE}.
     *
     * @param from where an event may begin
     */
    static int end(byte[] bytes, int from, int end) {
        if (end - from < 2 * Long.BYTES + 1 || Swar.word(bytes, from) != BEGIN) {
            return NONE;
        }
        int last = end - Long.BYTES - 1;
        for (int i = from + Long.BYTES; i <= last; i += Long.BYTES) {
            long hits = Swar.lineOrNameEnds(Swar.word(bytes, i), Swar.word(bytes, i + 1));
            if (hits != 0) {
                int found = look(bytes, i, hits, end);
                if (found != NOTHING_HERE) {
                    return found;
                }
            }
        }
        // Fewer than eight bytes are left: look at the last eight of all, some of them for the second time.
        long hits = Swar.lineOrNameEnds(Swar.word(bytes, last), Swar.word(bytes, last + 1));
        return Math.max(NONE, look(bytes, last, hits, end));
    }

    private static int look(byte[] bytes, int from, long hits, int end) {
        for (long left = hits; left != 0; left &= left - 1) {
            int i = from + Swar.first(left);
            byte c = bytes[i];
            if (c == '\n') {
                return bytes[i + 1] == '\n' ? i + 2 : NONE;
            }
            if (c == '\r' || bytes[i + 1] == '"' && speaks(bytes, i, end)) {
                return NONE;
            }
        }
        return NOTHING_HERE;
    }

    /** Whether a name that ends at {@code i} may be one of the three: {@code type}, {@code error}, {@code usage}. */
    private static boolean speaks(byte[] bytes, int i, int end) {
        byte before = bytes[i - 1];
        return switch (bytes[i]) {
            case 'r' -> before == 'o';
            case 'e' -> before == 'p' || before == 'g' && !isNull(bytes, i + 1, end);
            default -> false;
        };
    }

    /** Whether {@code null} follows the name whose closing quote is at {@code from}, and nothing else. */
    private static boolean isNull(byte[] bytes, int from, int end) {
        if (end - from <= NULL.length) {
            return false;
        }
        for (int i = 0; i < NULL.length; i++) {
            if (bytes[from + i] != NULL[i]) {
                return false;
            }
        }
        byte next = bytes[from + NULL.length];
        return next == ',' || next == '}';
    }
}
