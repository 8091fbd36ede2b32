package io.costoptimal.gateway.route;

/**
 * A part of a rule, typed and ready to evaluate. Immutable, any thread. Evaluating a term counts no tokens, and allocates
 * nothing ({@link Text.Cased} excepted).
 *
 * <p>A {@link Condition} may answer "unknown" while the token count is only an interval. A number or a text cannot. A
 * comparison therefore evaluates a number that depends on the count at both ends of the interval, or waits inside
 * {@link Condition.Counted} until the count is exact.
 */
sealed interface Term permits Condition, LongTerm, DoubleTerm, Text, Term.Nil {

    /** The literal {@code nil}, which is also the value of a header that the request does not have. */
    enum Nil implements Term {
        NIL;

        @Override
        public String toString() {
            return "nil";
        }
    }

    /** What operators want to know of a term, in the words of a message. */
    static String kind(Term term) {
        if (term instanceof Condition) {
            return "a condition";
        }
        if (term instanceof Text) {
            return "text";
        }
        return term instanceof Nil ? "nil" : "a number";
    }
}
