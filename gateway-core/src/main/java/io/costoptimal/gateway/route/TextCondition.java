package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Objects;
import java.util.Set;

/** Conditions on texts. If a text is nil, all of them are false but {@link Equal}, which compares nil with nil. */
sealed interface TextCondition extends Condition {

    /** {@code ==} and {@code !=}; nil equals nil alone. */
    record Equal(Text left, Text right, boolean wanted) implements TextCondition {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return Verdict.of(Objects.equals(left.value(facts, tokens), right.value(facts, tokens)) == wanted);
        }
    }

    /** {@code <}, {@code <=}, {@code >} and {@code >=}, by UTF-16 unit. */
    record Ordered(Operator operator, Text left, Text right) implements TextCondition {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            String first = left.value(facts, tokens);
            String second = right.value(facts, tokens);
            return Verdict.of(first != null && second != null && operator.holds(first.compareTo(second)));
        }
    }

    /** Where one text may have to be in another. */
    enum Place {
        START,
        END,
        ANYWHERE
    }

    /** {@code in} with a list of texts. */
    record OneOf(Text text, Set<String> members) implements TextCondition {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            String whole = text.value(facts, tokens);
            return Verdict.of(whole != null && members.contains(whole));
        }
    }

    /** {@code string.startsWith} and its like. */
    record Holds(Place place, Text text, Text part) implements TextCondition {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            String whole = text.value(facts, tokens);
            String wanted = part.value(facts, tokens);
            if (whole == null || wanted == null) {
                return Verdict.FALSE;
            }
            return Verdict.of(
                    switch (place) {
                        case START -> whole.startsWith(wanted);
                        case END -> whole.endsWith(wanted);
                        case ANYWHERE -> whole.contains(wanted);
                    });
        }
    }

    /** {@code =~} with a pattern that only asks how a text begins. */
    record Begins(Text text, LiteralPrefix prefix) implements TextCondition {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            String whole = text.value(facts, tokens);
            return Verdict.of(whole != null && prefix.matches(whole));
        }
    }

    /** {@code =~}, where the whole text has to match, and {@code matches}, where a part is enough. */
    record Matches(Text text, BudgetedPattern pattern) implements TextCondition {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            String whole = text.value(facts, tokens);
            if (whole == null) {
                return Verdict.FALSE;
            }
            if (whole.length() > text.matchable()) {
                throw new RuleFault(
                        "a pattern on " + whole.length() + " characters (expected: at most " + text.matchable() + ")");
            }
            return Verdict.of(pattern.matches(whole));
        }
    }
}
