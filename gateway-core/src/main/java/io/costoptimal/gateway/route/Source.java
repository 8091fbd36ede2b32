package io.costoptimal.gateway.route;

/** The text of an expression, which every refusal points into. */
record Source(String text) {

    private static final int LONGEST = 4096;

    /** Refuses what must not even reach the lexer. */
    Source {
        if (text.isBlank()) {
            throw new RuleException("the expression is empty", 1, 1);
        }
        if (text.length() > LONGEST) {
            throw new RuleException(
                    "expression length: " + text.length() + " (expected: at most " + LONGEST + " characters)", 1, 1);
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            // Aviator's lexer takes U+FFFF for the end of the text, and NUL for a part of a name.
            if (c == '\uFFFF' || c < ' ' && c != '\n' && c != '\r' && c != '\t') {
                throw refusal(text, i, "character U+%04X is not allowed".formatted((int) c));
            }
        }
    }

    /** Refuses the quotation mark of a word processor where a text would begin. */
    void refuseCurlyQuote(int offset) {
        if ("\u2018\u2019\u201A\u201C\u201D\u201E\u00AB\u00BB".indexOf(text.charAt(offset)) >= 0) {
            throw refusal(offset, "curly quote " + text.charAt(offset) + " (expected: straight quotes, \" or ')");
        }
    }

    /** What to throw about the token at {@code offset}. */
    RuleException refusal(int offset, String message) {
        return refusal(text, offset, message);
    }

    private static RuleException refusal(String text, int offset, String message) {
        int at = Math.min(Math.max(offset, 0), text.length());
        int lineStart = text.lastIndexOf('\n', at - 1) + 1;
        int line = 1
                + (int) text.substring(0, lineStart)
                        .chars()
                        .filter(c -> c == '\n')
                        .count();
        return new RuleException(message, line, at - lineStart + 1);
    }
}
