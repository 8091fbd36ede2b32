package io.costoptimal.gateway.route;

import java.util.ArrayList;
import java.util.List;

/** Which kind of comparison two terms make. */
final class ComparisonTypes {

    private final Source source;

    ComparisonTypes(Source source) {
        this.source = source;
    }

    Condition compare(Syntax.Binary binary, Term left, Term right) {
        Operator operator = binary.operator();
        if (left instanceof LongTerm first && right instanceof LongTerm second) {
            return wholes(binary, first, second);
        }
        DoubleTerm first = TypeCheck.widened(left);
        DoubleTerm second = TypeCheck.widened(right);
        if (first != null && second != null) {
            return numbers(binary, new Operands.Doubles(first, second));
        }
        if (operator.comparesOrder()) {
            return order(binary, left, right);
        }
        if (left instanceof Condition one && right instanceof Condition other) {
            Condition same = new Logic.Same(one, other);
            return operator == Operator.EQ ? same : new Logic.Not(same);
        }
        if ((left instanceof Text || right instanceof Text) && isText(left) && isText(right)) {
            return Condition.Counted.ifUsed(
                    binary, new TextCondition.Equal(text(left), text(right), operator == Operator.EQ));
        }
        throw TypeCheck.misfit(source, binary, left, right);
    }

    private Condition order(Syntax.Binary binary, Term left, Term right) {
        if (left instanceof Text first && right instanceof Text second) {
            return Condition.Counted.ifUsed(binary, new TextCondition.Ordered(binary.operator(), first, second));
        }
        throw TypeCheck.misfit(source, binary, left, right);
    }

    private static Condition wholes(Syntax.Binary binary, LongTerm left, LongTerm right) {
        if (left == LongTerm.Count.TOKEN_COUNT && !binary.right().usesTokens()) {
            return new Comparison.Limit(binary.operator(), right);
        }
        if (right == LongTerm.Count.TOKEN_COUNT && !binary.left().usesTokens()) {
            return new Comparison.Limit(binary.operator().flipped(), left);
        }
        return numbers(binary, new Operands.Longs(left, right));
    }

    private static Condition numbers(Syntax.Binary binary, Operands operands) {
        Direction difference =
                Direction.of(binary.left()).plus(Direction.of(binary.right()).reversed());
        return switch (difference) {
            case STEADY -> new Comparison.Exact(binary.operator(), operands);
            case RISES, FALLS -> new Comparison.Monotone(binary.operator(), operands);
            case UNCLEAR -> unclear(binary, operands);
        };
    }

    /** Sides that both grow with the token count, as the costs at two providers do. */
    private static Condition unclear(Syntax.Binary binary, Operands operands) {
        if (operands instanceof Operands.Doubles sides && isSum(binary.left()) && isSum(binary.right())) {
            List<PriceTerm.Cost> costs = new ArrayList<>();
            collect(sides.left(), costs);
            collect(sides.right(), costs);
            return new Comparison.Linear(binary.operator(), sides, List.copyOf(costs));
        }
        return new Condition.Counted(new Comparison.Exact(binary.operator(), operands));
    }

    /** Whether {@code number} is a sum of costs and token counts, each as it is or times a literal, and of what is steady. */
    private static boolean isSum(Syntax number) {
        if (!number.usesTokens() || number instanceof Syntax.Name || number instanceof Syntax.Call) {
            return true;
        }
        if (number instanceof Syntax.Unary unary) {
            return unary.operator() == Operator.NEGATE && isSum(unary.operand());
        }
        if (!(number instanceof Syntax.Binary binary)) {
            return false;
        }
        return switch (binary.operator()) {
            case ADD, SUBTRACT -> isSum(binary.left()) && isSum(binary.right());
            case MULTIPLY ->
                binary.left() instanceof Syntax.Literal && isSum(binary.right())
                        || binary.right() instanceof Syntax.Literal && isSum(binary.left());
            default -> false;
        };
    }

    private static void collect(DoubleTerm term, List<PriceTerm.Cost> costs) {
        if (term instanceof PriceTerm.Cost cost) {
            costs.add(cost);
        } else if (term instanceof DoubleTerm.Negated negated) {
            collect(negated.term(), costs);
        } else if (term instanceof DoubleTerm.Arithmetic sum) {
            collect(sum.left(), costs);
            collect(sum.right(), costs);
        }
    }

    private static boolean isText(Term term) {
        return term instanceof Text || term instanceof Term.Nil;
    }

    private static Text text(Term term) {
        return term instanceof Text text ? text : new Text.Literal(null);
    }
}
