package io.costoptimal.gateway.route;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** An expression as it was written, before anybody asked for types. Immutable. */
sealed interface Syntax {

    /** Offset of the token that names this part: an operator's for an operation; 0 where the parser does not say. */
    int at();

    List<Syntax> parts();

    /** Whether {@code test} holds for this or anything below. */
    default boolean any(Predicate<Syntax> test) {
        return test.test(this) || parts().stream().anyMatch(part -> part.any(test));
    }

    /** How many operands and operators this is made of; one that is mentioned twice counts twice. */
    default int size() {
        return 1 + parts().stream().mapToInt(Syntax::size).sum();
    }

    /** Whether what this comes to depends on the token count. */
    default boolean usesTokens() {
        return any(part -> part instanceof Name name && name.name().equals(Name.TOKEN_COUNT)
                || part instanceof Call call && call.isCost());
    }

    /** Whether this asks for the price of a candidate. */
    default boolean usesPrices() {
        return any(part -> part instanceof Call call
                && PriceTerm.Function.named(call.function()).isPresent());
    }

    /** Whether evaluating this can throw {@link RuleFault}; may be true of what never does. */
    default boolean mayFault() {
        return any(part -> part instanceof Binary binary && binary.mayFaultItself()) || usesPrices();
    }

    /** @param value a Long, Double, String or Boolean; {@code null} for {@code nil} */
    record Literal(int at, Object value) implements Syntax {
        @Override
        public List<Syntax> parts() {
            return List.of();
        }
    }

    /** Stands only to the right of {@code =~}. */
    record Regex(int at, String pattern) implements Syntax {
        @Override
        public List<Syntax> parts() {
            return List.of();
        }
    }

    record Name(int at, String name) implements Syntax {

        static final String TOKEN_COUNT = "TokenCount";

        @Override
        public List<Syntax> parts() {
            return List.of();
        }
    }

    record Index(int at, Syntax of, Syntax key) implements Syntax {
        @Override
        public List<Syntax> parts() {
            return List.of(of, key);
        }
    }

    record Call(int at, String function, List<Syntax> parts) implements Syntax {

        /** Whether this asks what a request costs, which depends on its tokens. */
        boolean isCost() {
            return function.equals(PriceTerm.Function.COST.word());
        }
    }

    /** Whether {@code item} equals one of {@code members}, all of which are text literals. */
    record OneOf(int at, Syntax item, List<Syntax> members) implements Syntax {
        @Override
        public List<Syntax> parts() {
            return List.of(item);
        }

        /** The texts of the members. */
        Set<String> texts() {
            return members.stream()
                    .map(member -> (String) ((Literal) member).value())
                    .collect(Collectors.toCollection(LinkedHashSet::new));
        }
    }

    /** Whether the whole number {@code item} is neither below {@code low} nor above {@code high}. */
    record Between(int at, Syntax item, Syntax low, Syntax high) implements Syntax {
        @Override
        public List<Syntax> parts() {
            return List.of(item, low, high);
        }
    }

    record Unary(int at, Operator operator, Syntax operand) implements Syntax {

        /** A negated number is a number of its own, so that the smallest one can be written. */
        static Syntax of(int at, Operator operator, Syntax operand) {
            if (operator == Operator.NEGATE && operand instanceof Literal literal) {
                if (literal.value() instanceof Long number) {
                    return new Literal(at, -number);
                }
                if (literal.value() instanceof Double number) {
                    return new Literal(at, -number);
                }
            }
            return new Unary(at, operator, operand);
        }

        @Override
        public List<Syntax> parts() {
            return List.of(operand);
        }
    }

    record Binary(int at, Operator operator, Syntax left, Syntax right) implements Syntax {

        @Override
        public List<Syntax> parts() {
            return List.of(left, right);
        }

        private boolean mayFaultItself() {
            return switch (operator) {
                case DIVIDE, REMAINDER ->
                    !(right instanceof Literal literal
                            && literal.value() instanceof Number divisor
                            && divisor.doubleValue() != 0);
                case MATCHES -> true;
                case MATCH -> !(right instanceof Regex regex && LiteralPrefix.of(regex.pattern()) != null);
                default -> false;
            };
        }
    }

    record Choice(int at, Syntax condition, Syntax yes, Syntax no) implements Syntax {
        @Override
        public List<Syntax> parts() {
            return List.of(condition, yes, no);
        }
    }
}
