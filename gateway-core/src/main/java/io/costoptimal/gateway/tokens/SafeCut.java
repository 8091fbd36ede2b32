package io.costoptimal.gateway.tokens;

/**
 * Where a long text may be cut so that the counts of its pieces add up to the count of the whole. Stateless.
 *
 * <p>A tokenizer first splits text into words by a pattern, then counts each word by itself. A cut changes nothing if the
 * pattern always splits there, and if no word before the cut depends on a character after it. For the patterns of
 * {@code cl100k_base} and {@code o200k_base} that holds at the places {@link #isSafe} knows:
 *
 * <ul>
 *   <li>before a blank that follows no white space: a blank only ever begins a word or stands in white space;
 *   <li>after a line feed, if only blanks and then something solid follow: {@code \s*[\r\n]+} takes white space up to its
 *       last line end, and nothing after a line end but a slash ({@code [\r\n/]*}) can belong to the word before;
 *   <li>between a digit and a letter or ASCII punctuation, in either order: digits make words of their own. White space
 *       before a digit is no such place, as its split looks ahead;
 *   <li>between a letter and punctuation or a symbol other than the apostrophe (which may begin {@code 's}) and other than
 *       a mark (which {@code o200k_base} treats as a letter).
 * </ul>
 *
 * <p>Runs that offer none of these (one letter repeated, a wall of spaces) are handed over whole, up to {@link #LONGEST}
 * characters. Beyond that they are cut hard: the longer a word is, the longer the tokenizer takes for each character of it, up
 * to seconds and hundreds of megabytes for a word of a megabyte, and it cannot be interrupted. Hardly any text a person or a
 * program writes has such a run.
 */
final class SafeCut {

    /** Characters counted in one go where the text allows it. */
    static final int WINDOW = 4096;

    /** Characters of the longest run that is counted whole; a multiple of 3, as digits are counted in threes. */
    static final int LONGEST = 3 * 8_192;

    /** Characters behind a line end that are looked at to find out whether it is a safe place. */
    static final int LOOK_AHEAD = 256;

    private SafeCut() {}

    /**
     * The end of the next piece.
     *
     * @param from where the piece begins: the begin of the text, or what an earlier call returned
     * @param end the end of the whole text
     */
    static int next(char[] text, int from, int end) {
        if (end - from <= WINDOW) {
            return end;
        }
        int window = from + WINDOW;
        for (int at = window; at > from + WINDOW / 2; at--) {
            if (isSafe(text, at, end)) {
                return at;
            }
        }
        int last = Math.min(end, from + LONGEST);
        for (int at = window + 1; at < last; at++) {
            if (isSafe(text, at, end)) {
                return at;
            }
        }
        return last < end && Character.isHighSurrogate(text[last - 1]) ? last - 1 : last;
    }

    /** Whether a cut between {@code at - 1} and {@code at} changes no count. */
    static boolean isSafe(char[] text, int at, int end) {
        char before = text[at - 1];
        char after = text[at];
        if (before == '\n') {
            return isLineBegin(text, at, end);
        }
        if (isBlank(after)) {
            return isSolid(before);
        }
        if (isDigit(after)) {
            return isSolidNonNumber(before);
        }
        if (isDigit(before)) {
            return isSolidNonNumber(after);
        }
        return Character.isLetter(before) && after != '\'' && isPunctuationOrSymbol(after);
    }

    private static boolean isLineBegin(char[] text, int at, int end) {
        if (text[at] == '/') {
            return false;
        }
        int stop = Math.min(end, at + LOOK_AHEAD);
        for (int i = at; i < stop; i++) {
            if (!isBlank(text[i])) {
                return isSolid(text[i]);
            }
        }
        return stop == end;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    /** Whether {@code c} is certainly no white space; half a surrogate pair is none either. */
    private static boolean isSolid(char c) {
        return c > ' ' && (c < 0x7f || c > 0xa0 && !Character.isSpaceChar(c));
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** A letter or ASCII punctuation: neither white space nor, as half a surrogate pair may be, a number. */
    private static boolean isSolidNonNumber(char c) {
        return c > ' ' && c < 0x7f ? !isDigit(c) : Character.isLetter(c);
    }

    private static boolean isPunctuationOrSymbol(char c) {
        return switch (Character.getType(c)) {
            case Character.CONNECTOR_PUNCTUATION,
                    Character.DASH_PUNCTUATION,
                    Character.START_PUNCTUATION,
                    Character.END_PUNCTUATION,
                    Character.INITIAL_QUOTE_PUNCTUATION,
                    Character.FINAL_QUOTE_PUNCTUATION,
                    Character.OTHER_PUNCTUATION,
                    Character.MATH_SYMBOL,
                    Character.CURRENCY_SYMBOL,
                    Character.MODIFIER_SYMBOL,
                    Character.OTHER_SYMBOL -> true;
            default -> false;
        };
    }
}
