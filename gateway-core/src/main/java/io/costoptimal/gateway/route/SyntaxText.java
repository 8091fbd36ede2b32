package io.costoptimal.gateway.route;

import static java.util.stream.Collectors.joining;

import java.util.List;

/**
 * Writes {@link Syntax} as a rule that means the same: single spaces, and parentheses around every operation inside another
 * one, except around the conditions of an {@code &&} or {@code ||}.
 */
final class SyntaxText {

    private SyntaxText() {}

    static String of(Syntax syntax) {
        if (syntax instanceof Syntax.Literal literal) {
            return literal.value() instanceof String text
                    ? quoted(text)
                    : literal.value() == null ? "nil" : literal.value().toString();
        }
        if (syntax instanceof Syntax.Regex regex) {
            return "/" + regex.pattern() + "/";
        }
        if (syntax instanceof Syntax.Name name) {
            return name.name();
        }
        if (syntax instanceof Syntax.Index index) {
            return of(index.of()) + "[" + of(index.key()) + "]";
        }
        if (syntax instanceof Syntax.Call call) {
            return call.function() + "(" + list(call.parts()) + ")";
        }
        if (syntax instanceof Syntax.OneOf oneOf) {
            return inner(oneOf.item()) + " in [" + list(oneOf.members()) + "]";
        }
        if (syntax instanceof Syntax.Between between) {
            return inner(between.item()) + " in " + inner(between.low()) + ".." + inner(between.high());
        }
        if (syntax instanceof Syntax.Unary unary) {
            return unary.operator() + inner(unary.operand());
        }
        if (syntax instanceof Syntax.Choice choice) {
            return inner(choice.condition()) + " ? " + inner(choice.yes()) + " : " + inner(choice.no());
        }
        return binary((Syntax.Binary) syntax);
    }

    /** A chain of {@code &&} or {@code ||} needs no brackets, and neither does a comparison in one. */
    private static String binary(Syntax.Binary binary) {
        boolean junction = binary.operator() == Operator.AND || binary.operator() == Operator.OR;
        String left = bare(binary, binary.left(), junction) ? of(binary.left()) : inner(binary.left());
        String right = bare(binary, binary.right(), junction) ? of(binary.right()) : inner(binary.right());
        return left + " " + binary.operator() + " " + right;
    }

    private static boolean bare(Syntax.Binary whole, Syntax part, boolean junction) {
        return junction
                && (part instanceof Syntax.OneOf
                        || part instanceof Syntax.Between
                        || part instanceof Syntax.Binary binary
                                && (binary.operator() == whole.operator()
                                        || binary.operator() != Operator.AND && binary.operator() != Operator.OR));
    }

    private static String inner(Syntax syntax) {
        boolean loose = syntax instanceof Syntax.Binary
                || syntax instanceof Syntax.Choice
                || syntax instanceof Syntax.OneOf
                || syntax instanceof Syntax.Between;
        return loose ? "(" + of(syntax) + ")" : of(syntax);
    }

    private static String list(List<Syntax> items) {
        return items.stream().map(SyntaxText::of).collect(joining(", "));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }
}
