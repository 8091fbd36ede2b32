package io.costoptimal.gateway.route;

/**
 * One word of a rule written in Expr's language.
 *
 * @param kind what it is
 * @param at offset of its first character in the rule
 * @param text as written; for {@link Kind#END} what a message calls it
 * @param value of a number (Long or Double) and of a text (String); {@code null} for the others
 */
record ExprToken(Kind kind, int at, String text, Object value) {

    enum Kind {
        NUMBER,
        TEXT,
        /** A regular expression behind {@code =~}; its text is without the slashes. */
        REGEX,
        /** A name, with dots if it has any. */
        NAME,
        /** A sign, or a word that stands for an operator. */
        OPERATOR,
        END
    }

    /** Whether this is the operator, bracket or separator {@code sign}. */
    boolean is(String sign) {
        return kind == Kind.OPERATOR && text.equals(sign);
    }
}
