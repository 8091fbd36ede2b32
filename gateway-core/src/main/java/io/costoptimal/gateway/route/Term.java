package io.costoptimal.gateway.route;

/**
 * A part of a rule, typed and ready to evaluate. Immutable, any thread; evaluating one neither allocates nor counts.
 *
 * <p>Terms that are no {@link Condition} have one value, not three: whatever needs the value of a term that uses the token
 * count asks only when the count is exact, which {@link Condition.Counted} sees to, or takes both ends of its interval.
 */
sealed interface Term permits Condition, LongTerm, DoubleTerm, Text, Term.Nil {

    /** The literal {@code nil}: what a header is that the request lacks. */
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
