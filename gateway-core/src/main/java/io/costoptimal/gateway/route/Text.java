package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.function.IntUnaryOperator;

/** A term that is text, or nil where the request has none. */
sealed interface Text extends Term {

    /** The text; {@code null} stands for nil. */
    String value(RoutingFacts facts, TokenSource tokens);

    /** The longest value, in UTF-16 units, that a regular expression is run on; a rule faults on a longer one. */
    int matchable();

    record Literal(String text) implements Text {
        @Override
        public String value(RoutingFacts facts, TokenSource tokens) {
            return text;
        }

        @Override
        public int matchable() {
            return Integer.MAX_VALUE;
        }
    }

    /** The variables that are text. */
    enum Fact implements Text {
        MODEL,
        PATH,
        KEY,
        CLIENT_ADDRESS;

        @Override
        public String value(RoutingFacts facts, TokenSource tokens) {
            return switch (this) {
                case MODEL -> facts.model();
                case PATH -> facts.path();
                case KEY -> facts.caller().key();
                case CLIENT_ADDRESS -> facts.caller().address();
            };
        }

        @Override
        public int matchable() {
            return this == PATH ? 2048 : 256;
        }
    }

    /** @param name in lower case */
    record Header(String name) implements Text {
        @Override
        public String value(RoutingFacts facts, TokenSource tokens) {
            return facts.caller().headers().apply(name);
        }

        @Override
        public int matchable() {
            return 1024;
        }
    }

    /** {@code first ?? second}: the second where the first is nil. */
    record Otherwise(Text first, Text second) implements Text {
        @Override
        public String value(RoutingFacts facts, TokenSource tokens) {
            String value = first.value(facts, tokens);
            return value == null ? second.value(facts, tokens) : value;
        }

        @Override
        public int matchable() {
            return Math.min(first.matchable(), second.matchable());
        }
    }

    /** {@code lower} and {@code upper}: each code point for itself, as Go does; allocates where that changes something. */
    record Cased(Text text, IntUnaryOperator fold) implements Text {
        @Override
        public String value(RoutingFacts facts, TokenSource tokens) {
            String value = text.value(facts, tokens);
            return value == null || isFolded(value) ? value : folded(value);
        }

        private boolean isFolded(String value) {
            int c;
            for (int i = 0; i < value.length(); i += Character.charCount(c)) {
                c = value.codePointAt(i);
                if (fold.applyAsInt(c) != c) {
                    return false;
                }
            }
            return true;
        }

        private String folded(String value) {
            StringBuilder folded = new StringBuilder(value.length());
            value.codePoints().map(fold).forEach(folded::appendCodePoint);
            return folded.toString();
        }

        @Override
        public int matchable() {
            return text.matchable();
        }
    }

    record Choice(Condition condition, Text yes, Text no) implements Text {
        @Override
        public String value(RoutingFacts facts, TokenSource tokens) {
            return (condition.test(facts, tokens) == Verdict.TRUE ? yes : no).value(facts, tokens);
        }

        @Override
        public int matchable() {
            return Math.min(yes.matchable(), no.matchable());
        }
    }
}
