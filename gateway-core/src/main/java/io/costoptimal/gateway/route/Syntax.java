package io.costoptimal.gateway.route;

import java.util.List;
import java.util.function.Predicate;

/** An expression as it was written, before anybody asked for types. Immutable. */
sealed interface Syntax {

    /** Offset of the token that names this part: an operator's for an operation; 0 where the parser does not say. */
    int at();

    List<Syntax> parts();

    /** Whether {@code test} holds for this or anything below. */
    default boolean any(Predicate<Syntax> test) {
        return test.test(this) || parts().stream().anyMatch(part -> part.any(test));
    }

    default boolean usesTokens() {
        return any(part -> part instanceof Name name && name.name().equals(Name.TOKEN_COUNT));
    }

    /** Whether evaluating this can throw {@link RuleFault}; may be true of what never does. */
    default boolean mayFault() {
        return any(part -> part instanceof Binary binary && binary.mayFaultItself());
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

    record Call(int at, String function, List<Syntax> parts) implements Syntax {}

    record Unary(int at, Operator operator, Syntax operand) implements Syntax {
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
