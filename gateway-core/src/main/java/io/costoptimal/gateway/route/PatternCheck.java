package io.costoptimal.gateway.route;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** From {@code text =~ /pattern/} to the cheapest condition that says the same. */
final class PatternCheck {

    private static final Pattern REPETITION = Pattern.compile("\\{([0-9]+)");
    private static final Pattern COMMENTS = Pattern.compile("\\(\\?[a-zA-Z]*x");
    private static final int MOST_REPETITIONS = 2048;
    private static final int MOST_WAYS = 1000;

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
        return prefix == null
                ? new TextCondition.Matches(text, new WholePattern(compile(regex)))
                : new TextCondition.Begins(text, prefix);
    }

    private Pattern compile(Syntax.Regex regex) {
        refuseUnbudgeted(regex);
        try {
            return Pattern.compile(regex.pattern());
        } catch (PatternSyntaxException e) {
            int at = regex.at() + 1 + Math.max(e.getIndex(), 0);
            throw source.refusal(at, "malformed pattern: " + e.getDescription());
        }
    }

    /** Refuses what can take long without reading, where the step budget would not stop it. */
    private void refuseUnbudgeted(Syntax.Regex regex) {
        boolean tooOften = REPETITION
                .matcher(regex.pattern())
                .results()
                .anyMatch(found -> Double.parseDouble(found.group(1)) > MOST_REPETITIONS);
        if (tooOften) {
            throw source.refusal(regex.at(), "the pattern repeats more than " + MOST_REPETITIONS + " times");
        }
        if (COMMENTS.matcher(regex.pattern()).find()) {
            throw source.refusal(regex.at(), "the flag 'x' is not allowed in a pattern");
        }
        if (PatternWays.of(regex.pattern()) > MOST_WAYS) {
            throw source.refusal(
                    regex.at(), "the pattern's groups combine in more than " + MOST_WAYS + " ways (expected: fewer)");
        }
    }
}
