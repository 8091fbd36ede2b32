package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds out whether a condition holds for every request or for none, so that whoever wrote it can be told. Looks at
 * constants, at the ranges of numbers, and at conditions joined by {@code &&} or {@code ||} that exclude each other or
 * leave nothing out. What it does not see is {@link Verdict#UNKNOWN}; what it says is right. Immutable.
 */
final class Foregone {

    private static final TokenSource NO_TOKENS = TokenSource.bounds(0, 0);

    private final boolean modelKnown;
    private final RoutingFacts facts;

    /** @param model the model of every request that is asked, or {@code null} when there is more than one */
    Foregone(String model) {
        modelKnown = model != null;
        facts = new RoutingFacts(model, "", false, -1, new RoutingFacts.Caller("", name -> null));
    }

    /** True when it always holds, false when it never does. */
    Verdict verdict(Condition condition) {
        if (condition instanceof Condition.Counted counted) {
            return verdict(counted.condition());
        }
        if (condition instanceof Logic logic) {
            return ofLogic(logic);
        }
        if (condition instanceof Comparison comparison) {
            return ofComparison(comparison);
        }
        return ofTexts((TextCondition) condition);
    }

    private Verdict ofLogic(Logic logic) {
        if (logic instanceof Logic.Fixed fixed) {
            return fixed.verdict();
        }
        if (logic instanceof Logic.Not not) {
            return verdict(not.condition()).negated();
        }
        if (logic instanceof Logic.Junction junction) {
            return junction(junction);
        }
        if (logic instanceof Logic.Choice choice) {
            Verdict which = verdict(choice.condition());
            Verdict yes = verdict(choice.yes());
            Verdict no = verdict(choice.no());
            return which == Verdict.TRUE || yes == no ? yes : which == Verdict.FALSE ? no : Verdict.UNKNOWN;
        }
        if (logic instanceof Logic.Same same) {
            Verdict left = verdict(same.left());
            Verdict right = verdict(same.right());
            boolean known = left != Verdict.UNKNOWN && right != Verdict.UNKNOWN;
            return known ? Verdict.of(left == right) : Verdict.UNKNOWN;
        }
        return Verdict.UNKNOWN;
    }

    private Verdict junction(Logic.Junction junction) {
        Verdict left = verdict(junction.left());
        Verdict right = verdict(junction.right());
        if (left == junction.decisive() || right == junction.decisive()) {
            return junction.decisive();
        }
        if (left != Verdict.UNKNOWN && right != Verdict.UNKNOWN) {
            return left;
        }
        // a || b always holds exactly when !a && !b never does.
        Together together = new Together();
        together.add(junction, junction.decisive() == Verdict.FALSE);
        return together.impossible() ? junction.decisive() : Verdict.UNKNOWN;
    }

    private static Verdict ofComparison(Comparison comparison) {
        if (comparison instanceof Comparison.Limit limit) {
            return Interval.compare(
                    limit.operator(), Interval.of(LongTerm.Count.TOKEN_COUNT), Interval.of(limit.limit()));
        }
        if (comparison instanceof Comparison.Linear) {
            return Verdict.UNKNOWN;
        }
        boolean exact = comparison instanceof Comparison.Exact;
        Operator operator =
                exact ? ((Comparison.Exact) comparison).operator() : ((Comparison.Monotone) comparison).operator();
        Operands operands =
                exact ? ((Comparison.Exact) comparison).operands() : ((Comparison.Monotone) comparison).operands();
        if (operands instanceof Operands.Longs longs) {
            return Interval.compare(operator, Interval.of(longs.left()), Interval.of(longs.right()));
        }
        Interval left = Interval.of(((Operands.Doubles) operands).left());
        Interval right = Interval.of(((Operands.Doubles) operands).right());
        // Where both may be zero it matters which sign the zeros have, and an interval does not know.
        return left.mayEndAtZero() && right.mayEndAtZero() ? Verdict.UNKNOWN : Interval.compare(operator, left, right);
    }

    private Verdict ofTexts(TextCondition condition) {
        List<Text> texts = new ArrayList<>();
        if (condition instanceof TextCondition.Equal equal) {
            texts.addAll(List.of(equal.left(), equal.right()));
        } else if (condition instanceof TextCondition.Ordered ordered) {
            texts.addAll(List.of(ordered.left(), ordered.right()));
        } else if (condition instanceof TextCondition.Holds holds) {
            texts.addAll(List.of(holds.text(), holds.part()));
        } else if (condition instanceof TextCondition.OneOf oneOf) {
            texts.add(oneOf.text());
        } else if (condition instanceof TextCondition.Begins begins) {
            texts.add(begins.text());
        } else {
            texts.add(((TextCondition.Matches) condition).text());
        }
        try {
            return texts.stream().allMatch(this::isKnown) ? condition.test(facts, NO_TOKENS) : Verdict.UNKNOWN;
        } catch (RuleFault fault) {
            return Verdict.UNKNOWN;
        }
    }

    private boolean isKnown(Text text) {
        if (text instanceof Text.Cased cased) {
            return isKnown(cased.text());
        }
        return text instanceof Text.Literal || modelKnown && text == Text.Fact.MODEL;
    }

    /** Conditions that are all to hold at once. */
    private static final class Together {

        private double least = 0;
        private double most = Interval.MOST_TOKENS;
        private final Map<Text, Text> equal = new HashMap<>();
        private boolean impossible;

        /** Adds {@code condition}, or its contrary. */
        void add(Condition condition, boolean holds) {
            if (condition instanceof Logic.Not not) {
                add(not.condition(), !holds);
            } else if (condition instanceof Condition.Counted counted) {
                add(counted.condition(), holds);
            } else if (condition instanceof Logic.Junction junction
                    && (junction.decisive() == Verdict.FALSE) == holds) {
                add(junction.left(), holds);
                add(junction.right(), holds);
            } else if (condition instanceof Comparison.Limit limit
                    && limit.limit() instanceof LongTerm.Literal literal) {
                limit(limit.operator(), literal.number(), holds);
            } else if (condition instanceof TextCondition.Equal texts && texts.wanted() == holds) {
                equal(texts.left(), texts.right());
                equal(texts.right(), texts.left());
            }
        }

        private void limit(Operator operator, double number, boolean holds) {
            switch (operator) {
                case GT -> bound(holds, number + 1, number);
                case GE -> bound(holds, number, number - 1);
                case LT -> bound(!holds, number, number - 1);
                case LE -> bound(!holds, number + 1, number);
                default -> {
                    if ((operator == Operator.EQ) == holds) {
                        bound(true, number, number);
                        bound(false, number, number);
                    }
                }
            }
        }

        private void bound(boolean below, double atLeast, double atMost) {
            if (below) {
                least = Math.max(least, atLeast);
            } else {
                most = Math.min(most, atMost);
            }
        }

        private void equal(Text text, Text literal) {
            if (!(text instanceof Text.Literal) && literal instanceof Text.Literal) {
                Text before = equal.putIfAbsent(text, literal);
                impossible |= before != null && !before.equals(literal);
            }
        }

        boolean impossible() {
            return impossible || least > most;
        }
    }
}
