package io.costoptimal.gateway.route;

/**
 * A pattern of the form {@code /^literal.*}{@code /}, which needs no matcher.
 *
 * @param text what a matching text begins with
 */
record LiteralPrefix(String text) {

    private static final String META = "^$.|?*+()[]{}\\";

    /** The prefix that {@code pattern} asks for; {@code null} when it asks for anything else. */
    static LiteralPrefix of(String pattern) {
        if (!pattern.endsWith(".*")) {
            return null;
        }
        StringBuilder literal = new StringBuilder();
        int end = pattern.length() - 2;
        for (int i = pattern.startsWith("^") ? 1 : 0; i < end; i++) {
            char c = pattern.charAt(i);
            boolean escaped = c == '\\' && i + 1 < end && !Character.isLetterOrDigit(pattern.charAt(i + 1));
            if (escaped) {
                c = pattern.charAt(++i);
            } else if (META.indexOf(c) >= 0) {
                return null;
            }
            literal.append(c);
        }
        return new LiteralPrefix(literal.toString());
    }

    /** Whether {@code whole} matches: {@code .} stands for anything but the end of a line. */
    boolean matches(String whole) {
        if (!whole.startsWith(text)) {
            return false;
        }
        for (int i = text.length(); i < whole.length(); i++) {
            char c = whole.charAt(i);
            if (c == '\n' || c == '\r' || c == '\u0085' || c == '\u2028' || c == '\u2029') {
                return false;
            }
        }
        return true;
    }
}
