package io.costoptimal.gateway.route;

/** Escape sequences in quoted texts of Expr's language, which are Go's. */
final class ExprEscape {

    private static final String SIMPLE = "abfnrtv\\'\"`?";
    private static final String MEANT = "\u0007\b\f\n\r\t\u000B\\'\"`?";

    private ExprEscape() {}

    /**
     * Reads the sequence whose backslash is at {@code at} and appends what it stands for.
     *
     * @return the offset behind it
     */
    static int read(Source source, int at, StringBuilder to) {
        String text = source.text();
        char c = at + 1 < text.length() ? text.charAt(at + 1) : '\0';
        int simple = SIMPLE.indexOf(c);
        if (simple >= 0) {
            to.append(MEANT.charAt(simple));
            return at + 2;
        }
        int end;
        int begin = at + 2;
        int radix = 16;
        switch (c) {
            case 'x', 'X' -> end = begin + 2;
            case 'u' -> {
                boolean braces = text.startsWith("{", begin);
                begin += braces ? 1 : 0;
                end = braces ? text.indexOf('}', begin) : begin + 4;
            }
            case 'U' -> end = begin + 8;
            case '0', '1', '2', '3' -> {
                radix = 8;
                begin = at + 1;
                end = begin + 3;
            }
            default -> end = -1;
        }
        int codePoint = end < begin || end > text.length() ? -1 : number(text.substring(begin, end), radix);
        if (codePoint < 0) {
            throw source.refusal(
                    at,
                    "unknown escape sequence in a text (expected: \\n, \\t, \\u0041, ...; a backslash is written \\\\)");
        }
        to.appendCodePoint(codePoint);
        return text.startsWith("{", at + 2) && c == 'u' ? end + 1 : end;
    }

    /** The code point that {@code digits} name; -1 when they name none. */
    private static int number(String digits, int radix) {
        boolean plain = digits.length() <= 8 && digits.chars().allMatch(c -> Character.digit(c, radix) >= 0);
        long number = plain && !digits.isEmpty() ? Long.parseLong(digits, radix) : -1;
        return number <= Character.MAX_CODE_POINT ? (int) number : -1;
    }
}
