package io.costoptimal.gateway.route;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** {@link Syntax} to {@link Term}: names become variables, operators get types, and what has none is refused. */
final class TypeCheck {

    private static final Map<String, Term> VARIABLES = new TreeMap<>(Map.of(
            Syntax.Name.TOKEN_COUNT,
            LongTerm.Count.TOKEN_COUNT,
            "Hour",
            LongTerm.Clock.HOUR,
            "Weekday",
            LongTerm.Clock.WEEKDAY,
            "MaxTokens",
            LongTerm.Budget.MAX_TOKENS,
            "Model",
            Text.Fact.MODEL,
            "Path",
            Text.Fact.PATH,
            "Key",
            Text.Fact.KEY,
            "ClientAddress",
            Text.Fact.CLIENT_ADDRESS,
            "Stream",
            Logic.Streaming.STREAM));
    private static final String HEADERS = "Headers";

    private final Source source;
    private final ComparisonTypes comparisons;
    private final TextTypes texts;
    private final Offers offers;
    private boolean dropsFractions;
    private boolean dividesByZero;

    /** @param offers where the prices come from that the rule asks for */
    TypeCheck(Source source, Offers offers) {
        this.source = source;
        this.offers = offers;
        this.comparisons = new ComparisonTypes(source);
        this.texts = new TextTypes(source);
    }

    /** The condition that the whole of an expression must be. */
    Condition rule(Syntax expression) {
        Term term = term(expression);
        if (term instanceof Condition condition) {
            return condition;
        }
        throw source.refusal(expression.at(), "the expression is " + Term.kind(term) + " (expected: a condition)");
    }

    /** A price term. */
    DoubleTerm number(Syntax.Call price) {
        return (DoubleTerm) term(price);
    }

    /** Whether a division between whole numbers was found. */
    boolean dropsFractions() {
        return dropsFractions;
    }

    /** Whether a whole number is divided by a zero that is written out, which fails whatever the request. */
    boolean dividesByZero() {
        return dividesByZero;
    }

    private Term term(Syntax syntax) {
        if (syntax instanceof Syntax.Literal literal) {
            return literal(literal.value());
        }
        if (syntax instanceof Syntax.Name name) {
            return variable(name);
        }
        if (syntax instanceof Syntax.Index index) {
            return header(index);
        }
        if (syntax instanceof Syntax.Call call) {
            return call(call);
        }
        if (syntax instanceof Syntax.OneOf oneOf) {
            return texts.oneOf(oneOf, term(oneOf.item()));
        }
        if (syntax instanceof Syntax.Between between) {
            return between(between);
        }
        if (syntax instanceof Syntax.Unary unary) {
            return unary(unary);
        }
        if (syntax instanceof Syntax.Binary binary) {
            return binary(binary);
        }
        if (syntax instanceof Syntax.Choice choice) {
            return choice(choice);
        }
        throw source.refusal(syntax.at(), "a pattern stands only to the right of '=~'");
    }

    private static Term literal(Object value) {
        if (value instanceof Long whole) {
            return new LongTerm.Literal(whole);
        }
        if (value instanceof Double decimal) {
            return new DoubleTerm.Literal(decimal);
        }
        if (value instanceof String text) {
            return new Text.Literal(text);
        }
        return value instanceof Boolean truth ? new Logic.Fixed(Verdict.of(truth)) : Term.Nil.NIL;
    }

    private Term variable(Syntax.Name name) {
        Term variable = VARIABLES.get(name.name());
        if (variable != null) {
            return variable;
        }
        if (name.name().equals(HEADERS)) {
            throw source.refusal(name.at(), "Headers needs a name (expected: Headers[\"name\"])");
        }
        String known = String.join(", ", VARIABLES.keySet()) + ", " + HEADERS + "[\"name\"]";
        throw source.refusal(
                name.at(),
                "unknown variable '" + name.name() + "' ("
                        + RuleAdvice.variable(source.text(), name, VARIABLES.keySet()) + "expected: " + known + ")");
    }

    private Term header(Syntax.Index index) {
        if (!(index.of() instanceof Syntax.Name name) || !name.name().equals(HEADERS)) {
            throw source.refusal(index.at(), "only Headers can be indexed");
        }
        if (!(index.key() instanceof Syntax.Literal key) || !(key.value() instanceof String header)) {
            throw source.refusal(index.key().at(), "a header's name must be a text literal");
        }
        String lowerCase = header.toLowerCase(Locale.ROOT);
        if (RuleHeaders.isCredential(lowerCase)) {
            throw source.refusal(index.key().at(), "rules do not see credentials: " + lowerCase);
        }
        return new Text.Header(lowerCase);
    }

    private Term call(Syntax.Call call) {
        Optional<PriceTerm.Function> price = PriceTerm.Function.named(call.function());
        if (price.isPresent()) {
            return price(call, price.get());
        }
        return texts.call(call, call.parts().stream().map(this::term).toList());
    }

    private Term price(Syntax.Call call, PriceTerm.Function function) {
        if (call.parts().size() != 1
                || !(call.parts().get(0) instanceof Syntax.Literal literal)
                || !(literal.value() instanceof String provider)) {
            throw source.refusal(call.at(), function.word() + " needs the id of one provider, in quotes");
        }
        Term term = offers.term(function, provider);
        if (term == null) {
            throw source.refusal(
                    literal.at(), function.word() + "(\"" + provider + "\"): the model has no such candidate");
        }
        return term;
    }

    /** A range of Expr's holds whole numbers, so 2.5 is not in 1..9 there. Refused, because two comparisons would say it is. */
    private Term between(Syntax.Between between) {
        Term item = term(between.item());
        Term low = term(between.low());
        Term high = term(between.high());
        if (!(item instanceof LongTerm && low instanceof LongTerm && high instanceof LongTerm)) {
            throw source.refusal(
                    between.at(),
                    "'in' with a range needs whole numbers (expected, for others: low <= number and number <= high)");
        }
        Syntax.Binary least = new Syntax.Binary(between.at(), Operator.GE, between.item(), between.low());
        Syntax.Binary most = new Syntax.Binary(between.at(), Operator.LE, between.item(), between.high());
        return new Logic.Junction(
                comparisons.compare(least, item, low),
                comparisons.compare(most, item, high),
                Verdict.FALSE,
                !between.mayFault());
    }

    private Term unary(Syntax.Unary unary) {
        Term operand = term(unary.operand());
        if (unary.operator() == Operator.NOT && operand instanceof Condition condition) {
            return new Logic.Not(condition);
        }
        if (unary.operator() == Operator.NEGATE && operand instanceof LongTerm whole) {
            return new LongTerm.Negated(whole);
        }
        if (unary.operator() == Operator.NEGATE && operand instanceof DoubleTerm decimal) {
            return new DoubleTerm.Negated(decimal);
        }
        String advice = unary.operator() == Operator.NOT ? " (put a comparison behind it into parentheses)" : "";
        throw source.refusal(unary.at(), "'" + unary.operator() + "' does not apply to " + Term.kind(operand) + advice);
    }

    private Term binary(Syntax.Binary binary) {
        if (binary.operator() == Operator.MATCH) {
            return Condition.Counted.ifUsed(binary, new PatternCheck(source).match(binary, term(binary.left())));
        }
        Term left = term(binary.left());
        Term right = term(binary.right());
        return switch (binary.operator()) {
            case MATCHES, CONTAINS, STARTS_WITH, ENDS_WITH, OTHERWISE -> texts.operation(binary, left, right);
            case AND -> junction(binary, left, right, Verdict.FALSE);
            case OR -> junction(binary, left, right, Verdict.TRUE);
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, QUOTIENT, REMAINDER -> arithmetic(binary, left, right);
            default -> comparisons.compare(binary, left, right);
        };
    }

    private Term junction(Syntax.Binary binary, Term left, Term right, Verdict decisive) {
        if (left instanceof Condition first && right instanceof Condition second) {
            return new Logic.Junction(first, second, decisive, !binary.mayFault());
        }
        throw misfit(source, binary, left, right);
    }

    private Term arithmetic(Syntax.Binary binary, Term left, Term right) {
        boolean fraction = binary.operator() == Operator.QUOTIENT;
        if (!fraction && left instanceof LongTerm first && right instanceof LongTerm second) {
            dropsFractions |= binary.operator() == Operator.DIVIDE;
            boolean divides = binary.operator() == Operator.DIVIDE || binary.operator() == Operator.REMAINDER;
            dividesByZero |= divides && second instanceof LongTerm.Literal literal && literal.number() == 0;
            return new LongTerm.Arithmetic(binary.operator(), first, second);
        }
        DoubleTerm first = widened(left);
        DoubleTerm second = widened(right);
        if (first == null || second == null) {
            throw misfit(source, binary, left, right);
        }
        return new DoubleTerm.Arithmetic(fraction ? Operator.DIVIDE : binary.operator(), first, second);
    }

    private Term choice(Syntax.Choice choice) {
        Term yes = term(choice.yes());
        Term no = term(choice.no());
        if (!(term(choice.condition()) instanceof Condition condition)) {
            throw source.refusal(choice.at(), "'?' needs a condition before it");
        }
        if (yes instanceof Condition first && no instanceof Condition second) {
            return new Logic.Choice(condition, first, second);
        }
        if (yes instanceof Text first && no instanceof Text second) {
            return new Text.Choice(condition, first, second);
        }
        if (yes instanceof LongTerm first && no instanceof LongTerm second) {
            return new LongTerm.Choice(condition, first, second);
        }
        if (yes instanceof DoubleTerm first && no instanceof DoubleTerm second) {
            return new DoubleTerm.Choice(condition, first, second);
        }
        throw source.refusal(choice.at(), "the branches of '?:' differ: " + Term.kind(yes) + " and " + Term.kind(no));
    }

    /** The number as a double; {@code null} when it is no number. */
    static DoubleTerm widened(Term term) {
        if (term instanceof LongTerm whole) {
            return new DoubleTerm.Widened(whole);
        }
        return term instanceof DoubleTerm decimal ? decimal : null;
    }

    static RuleException misfit(Source source, Syntax.Binary binary, Term left, Term right) {
        return source.refusal(
                binary.at(),
                "'" + binary.operator() + "' does not apply to " + Term.kind(left) + " and " + Term.kind(right));
    }
}
