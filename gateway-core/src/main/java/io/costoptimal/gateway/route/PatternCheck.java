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
                ? new TextCondition.Matches(text, new BudgetedPattern(compile(regex), true))
                : new TextCondition.Begins(text, prefix);
    }

    /** {@code text matches "pattern"}: a pattern in Go's syntax, somewhere in the text. */
    Condition search(Syntax.Binary search, Term left) {
        if (!(search.right() instanceof Syntax.Literal literal) || !(literal.value() instanceof String pattern)) {
            throw source.refusal(search.right().at(), "'matches' needs a pattern that is written out, in quotes");
        }
        if (!(left instanceof Text text)) {
            throw source.refusal(search.at(), "'matches' does not apply to " + Term.kind(left));
        }
        boolean start = pattern.startsWith("^");
        boolean end = pattern.endsWith("$");
        String plain = end && !start ? pattern.substring(0, pattern.length() - 1) : pattern.substring(start ? 1 : 0);
        if (!(start && end) && GoPattern.plain(plain) != null) {
            TextCondition.Place place =
                    start ? TextCondition.Place.START : end ? TextCondition.Place.END : TextCondition.Place.ANYWHERE;
            return new TextCondition.Holds(place, text, new Text.Literal(plain));
        }
        refuseUnbudgeted(literal.at(), pattern);
        try {
            return new TextCondition.Matches(text, new BudgetedPattern(GoPattern.compile(pattern), false));
        } catch (PatternSyntaxException e) {
            throw source.refusal(literal.at(), "malformed pattern: " + e.getDescription());
        }
    }

    private Pattern compile(Syntax.Regex regex) {
        refuseUnbudgeted(regex.at(), regex.pattern());
        try {
            return Pattern.compile(regex.pattern());
        } catch (PatternSyntaxException e) {
            int at = regex.at() + 1 + Math.max(e.getIndex(), 0);
            throw source.refusal(at, "malformed pattern: " + e.getDescription());
        }
    }

    /** Refuses what can take long without reading, where the step budget would not stop it. */
    private void refuseUnbudgeted(int at, String pattern) {
        boolean tooOften = REPETITION
                .matcher(pattern)
                .results()
                .anyMatch(found -> Double.parseDouble(found.group(1)) > MOST_REPETITIONS);
        if (tooOften) {
            throw source.refusal(at, "the pattern repeats more than " + MOST_REPETITIONS + " times");
        }
        if (COMMENTS.matcher(pattern).find()) {
            throw source.refusal(at, "the flag 'x' is not allowed in a pattern");
        }
        if (PatternWays.of(pattern) > MOST_WAYS) {
            throw source.refusal(
                    at, "the pattern's groups combine in more than " + MOST_WAYS + " ways (expected: fewer)");
        }
    }
}
