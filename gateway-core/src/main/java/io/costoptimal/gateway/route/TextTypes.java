package io.costoptimal.gateway.route;

import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Functions and operators on texts: which there are, and which terms they make. */
final class TextTypes {

    /** The name of a function on two texts, and where in the first one the second has to be. */
    private static final Map<String, TextCondition.Place> TESTS = new TreeMap<>(Map.of(
            "string.startsWith", TextCondition.Place.START,
            "string.endsWith", TextCondition.Place.END,
            "string.contains", TextCondition.Place.ANYWHERE));

    private static final Map<String, TextCondition.Place> EXPR_TESTS =
            Map.of("hasPrefix", TextCondition.Place.START, "hasSuffix", TextCondition.Place.END);
    private static final String LENGTH = "string.length";

    private final Source source;

    TextTypes(Source source) {
        this.source = source;
    }

    /** Whether only Expr has a function called {@code name}. */
    static boolean isExprsOwn(String name) {
        return EXPR_TESTS.containsKey(name) || Set.of("len", "lower", "upper").contains(name);
    }

    Term call(Syntax.Call call, List<Term> arguments) {
        TextCondition.Place place = TESTS.getOrDefault(call.function(), EXPR_TESTS.get(call.function()));
        if (place != null) {
            List<Text> texts = texts(call, arguments, 2);
            return Condition.Counted.ifUsed(call, new TextCondition.Holds(place, texts.get(0), texts.get(1)));
        }
        return switch (call.function()) {
            case LENGTH -> new LongTerm.Length(texts(call, arguments, 1).get(0));
            case "len" -> new LongTerm.CodePoints(texts(call, arguments, 1).get(0));
            case "lower" -> new Text.Cased(texts(call, arguments, 1).get(0), Character::toLowerCase);
            case "upper" -> new Text.Cased(texts(call, arguments, 1).get(0), Character::toUpperCase);
            default ->
                throw source.refusal(
                        call.at(),
                        "unknown function '" + call.function() + "' (" + RuleAdvice.function(call) + "expected: "
                                + String.join(", ", TESTS.keySet()) + ", " + LENGTH
                                + ", len, lower, upper, Cost, InputPrice, OutputPrice)");
        };
    }

    private List<Text> texts(Syntax.Call call, List<Term> arguments, int expected) {
        if (arguments.size() != expected || !arguments.stream().allMatch(Text.class::isInstance)) {
            String found = arguments.stream().map(Term::kind).collect(joining(", "));
            throw source.refusal(
                    call.at(),
                    call.function() + "(" + found + ") (expected: " + (expected == 1 ? "text" : "text, text") + ")");
        }
        return arguments.stream().map(Text.class::cast).toList();
    }

    Condition oneOf(Syntax.OneOf oneOf, Term item) {
        if (!(item instanceof Text text)) {
            throw source.refusal(oneOf.at(), "'in' does not apply to " + Term.kind(item) + " and a list of texts");
        }
        return Condition.Counted.ifUsed(oneOf, new TextCondition.OneOf(text, oneOf.texts()));
    }

    /** {@code matches}, {@code contains}, {@code startsWith}, {@code endsWith} and {@code ??}. */
    Term operation(Syntax.Binary binary, Term left, Term right) {
        if (binary.operator() == Operator.MATCHES) {
            return Condition.Counted.ifUsed(binary, new PatternCheck(source).search(binary, left));
        }
        if (!(left instanceof Text first) || !(right instanceof Text second)) {
            throw TypeCheck.misfit(source, binary, left, right);
        }
        if (binary.operator() == Operator.OTHERWISE) {
            return new Text.Otherwise(first, second);
        }
        TextCondition.Place place = switch (binary.operator()) {
            case STARTS_WITH -> TextCondition.Place.START;
            case ENDS_WITH -> TextCondition.Place.END;
            default -> TextCondition.Place.ANYWHERE;
        };
        return Condition.Counted.ifUsed(binary, new TextCondition.Holds(place, first, second));
    }
}
