package io.costoptimal.gateway.route;

import static io.costoptimal.gateway.route.Verdict.FALSE;
import static io.costoptimal.gateway.route.Verdict.TRUE;
import static io.costoptimal.gateway.route.Verdict.UNKNOWN;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/**
 * Conditions made of conditions, in Kleene's logic of three values. If the left side of {@code &&} or {@code ||} is unknown,
 * the right side is evaluated before any counting, because it may decide alone: {@code TokenCount > 5 && Path == "/x"}
 * counts nothing for another path. That is done only where neither side can fault.
 */
sealed interface Logic extends Condition {

    record Fixed(Verdict verdict) implements Logic {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return verdict;
        }
    }

    /** The variable {@code Stream}. */
    enum Streaming implements Logic {
        STREAM;

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return Verdict.of(facts.stream());
        }
    }

    record Not(Condition condition) implements Logic {
        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            return condition.test(facts, tokens).negated();
        }

        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            return condition.countNeeded(facts, tokens);
        }
    }

    /**
     * {@code &&} and {@code ||}.
     *
     * @param decisive what either side must be to decide alone: false for {@code &&}, true for {@code ||}
     * @param faultless whether neither side can fault, so that nobody can tell in which order they were asked
     */
    record Junction(Condition left, Condition right, Verdict decisive, boolean faultless) implements Logic {

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            Verdict first = left.test(facts, tokens);
            if (first == decisive) {
                return decisive;
            }
            if (first != UNKNOWN) {
                return right.test(facts, tokens);
            }
            return faultless && right.test(facts, tokens) == decisive ? decisive : UNKNOWN;
        }

        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            Condition open = left.test(facts, tokens) == UNKNOWN ? left : right;
            return open.countNeeded(facts, tokens);
        }
    }

    /** {@code condition ? yes : no} between conditions. */
    record Choice(Condition condition, Condition yes, Condition no) implements Logic {

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            Verdict which = condition.test(facts, tokens);
            return which == UNKNOWN ? UNKNOWN : branch(which).test(facts, tokens);
        }

        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            Verdict which = condition.test(facts, tokens);
            Condition open = which == UNKNOWN ? condition : branch(which);
            return open.countNeeded(facts, tokens);
        }

        private Condition branch(Verdict which) {
            return which == TRUE ? yes : no;
        }
    }

    /** {@code left == right} between conditions. */
    record Same(Condition left, Condition right) implements Logic {

        @Override
        public Verdict test(RoutingFacts facts, TokenSource tokens) {
            Verdict first = left.test(facts, tokens);
            if (first == UNKNOWN) {
                return UNKNOWN;
            }
            Verdict second = right.test(facts, tokens);
            return first == FALSE ? second.negated() : second;
        }

        @Override
        public long countNeeded(RoutingFacts facts, TokenSource tokens) {
            Condition open = left.test(facts, tokens) == UNKNOWN ? left : right;
            return open.countNeeded(facts, tokens);
        }
    }
}
