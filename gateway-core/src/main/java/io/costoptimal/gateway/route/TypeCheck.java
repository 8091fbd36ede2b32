package io.costoptimal.gateway.route;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@link Syntax} to {@link Term}: names become variables, operators get types, and what has none is refused. */
final class TypeCheck {

    private static final Map<String, Term> VARIABLES = new TreeMap<>(Map.of(
            Syntax.Name.TOKEN_COUNT,
            Whole.Count.TOKEN_COUNT,
            "MaxTokens",
            Whole.Budget.MAX_TOKENS,
            "Model",
            Text.Fact.MODEL,
            "Path",
            Text.Fact.PATH,
            "Key",
            Text.Fact.KEY,
            "Stream",
            Logic.Streaming.STREAM));
    private static final Map<String, TextCondition.Place> TESTS = new TreeMap<>(Map.of(
            "string.startsWith", TextCondition.Place.START,
            "string.endsWith", TextCondition.Place.END,
            "string.contains", TextCondition.Place.ANYWHERE));
    private static final String LENGTH = "string.length";
    private static final String HEADERS = "Headers";

    private final Source source;
    private final ComparisonTypes comparisons;

    TypeCheck(Source source) {
        this.source = source;
        this.comparisons = new ComparisonTypes(source);
    }

    /** The condition that the whole of an expression must be. */
    Condition rule(Syntax expression) {
        Term term = term(expression);
        if (term instanceof Condition condition) {
            return condition;
        }
        throw source.refusal(expression.at(), "the expression is " + Term.kind(term) + " (expected: a condition)");
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
            return new Whole.Literal(whole);
        }
        if (value instanceof Double decimal) {
            return new Decimal.Literal(decimal);
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
        throw source.refusal(name.at(), "unknown variable '" + name.name() + "' (expected: " + known + ")");
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
        TextCondition.Place place = TESTS.get(call.function());
        boolean length = call.function().equals(LENGTH);
        if (place == null && !length) {
            throw source.refusal(
                    call.at(),
                    "unknown function '" + call.function() + "' (expected: " + String.join(", ", TESTS.keySet()) + ", "
                            + LENGTH + ")");
        }
        List<Term> arguments = call.parts().stream().map(this::term).toList();
        int expected = length ? 1 : 2;
        if (arguments.size() != expected || !arguments.stream().allMatch(Text.class::isInstance)) {
            String found = arguments.stream().map(Term::kind).collect(joining(", "));
            throw source.refusal(
                    call.at(),
                    call.function() + "(" + found + ") (expected: " + (length ? "text" : "text, text") + ")");
        }
        Text text = (Text) arguments.get(0);
        return length
                ? new Whole.Length(text)
                : Condition.Counted.ifUsed(call, new TextCondition.Holds(place, text, (Text) arguments.get(1)));
    }

    private Term unary(Syntax.Unary unary) {
        Term operand = term(unary.operand());
        if (unary.operator() == Operator.NOT && operand instanceof Condition condition) {
            return new Logic.Not(condition);
        }
        if (unary.operator() == Operator.NEGATE && operand instanceof Whole whole) {
            return new Whole.Negated(whole);
        }
        if (unary.operator() == Operator.NEGATE && operand instanceof Decimal decimal) {
            return new Decimal.Negated(decimal);
        }
        throw source.refusal(unary.at(), "'" + unary.operator() + "' does not apply to " + Term.kind(operand));
    }

    private Term binary(Syntax.Binary binary) {
        if (binary.operator() == Operator.MATCH) {
            return Condition.Counted.ifUsed(binary, new PatternCheck(source).match(binary, term(binary.left())));
        }
        Term left = term(binary.left());
        Term right = term(binary.right());
        return switch (binary.operator()) {
            case AND -> junction(binary, left, right, Verdict.FALSE);
            case OR -> junction(binary, left, right, Verdict.TRUE);
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER -> arithmetic(binary, left, right);
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
        if (left instanceof Whole first && right instanceof Whole second) {
            return new Whole.Arithmetic(binary.operator(), first, second);
        }
        Decimal first = widened(left);
        Decimal second = widened(right);
        if (first == null || second == null) {
            throw misfit(source, binary, left, right);
        }
        return new Decimal.Arithmetic(binary.operator(), first, second);
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
        if (yes instanceof Whole first && no instanceof Whole second) {
            return new Whole.Choice(condition, first, second);
        }
        if (yes instanceof Decimal first && no instanceof Decimal second) {
            return new Decimal.Choice(condition, first, second);
        }
        throw source.refusal(choice.at(), "the branches of '?:' differ: " + Term.kind(yes) + " and " + Term.kind(no));
    }

    /** The number as a double; {@code null} when it is no number. */
    static Decimal widened(Term term) {
        if (term instanceof Whole whole) {
            return new Decimal.Widened(whole);
        }
        return term instanceof Decimal decimal ? decimal : null;
    }

    static RuleException misfit(Source source, Syntax.Binary binary, Term left, Term right) {
        return source.refusal(
                binary.at(),
                "'" + binary.operator() + "' does not apply to " + Term.kind(left) + " and " + Term.kind(right));
    }
}
