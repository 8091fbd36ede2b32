package io.costoptimal.gateway.route;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** From {@code text =~ /pattern/} to the cheapest condition that says the same. */
final class PatternCheck {

    private static final Pattern REPETITION = Pattern.compile("\\{([0-9]+)");
    private static final double MOST_REPETITIONS = 10_000;

    private final Source source;

    PatternCheck(Source source) {
        this.source = source;
    }

    Condition match(Syntax.Binary match, Term left) {
        if (!(match.right() instanceof Syntax.Regex regex)) {
            throw source.refusal(match.at(), "'=~' needs a pattern to its right (expected: /.../)");
        }
        if (!(left instanceof Text text)) {
            throw source.refusal(match.at(), "'=~' does not apply to " + Term.kind(left));
        }
        LiteralPrefix prefix = LiteralPrefix.of(regex.pattern());
        return prefix == null ? new TextTest.Matches(text, compile(regex)) : new TextTest.Begins(text, prefix);
    }

    private Pattern compile(Syntax.Regex regex) {
        // A repetition of what is empty reads nothing, so the step budget would not stop it.
        double repetitions = REPETITION
                .matcher(regex.pattern())
                .results()
                .mapToDouble(found -> Math.max(1, Double.parseDouble(found.group(1))))
                .reduce(1, (a, b) -> a * b);
        if (repetitions > MOST_REPETITIONS) {
            throw source.refusal(regex.at(), "the pattern repeats more than " + (int) MOST_REPETITIONS + " times");
        }
        try {
            return Pattern.compile(regex.pattern());
        } catch (PatternSyntaxException e) {
            int at = regex.at() + 1 + Math.max(e.getIndex(), 0);
            throw source.refusal(at, "malformed pattern: " + e.getDescription());
        }
    }
}
