package io.costoptimal.gateway.route;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * An upper bound on how many combinations of empty matches a regular expression allows. At the end of a text the JDK's
 * matcher tries all of them without reading a character, so {@link StepBudget}, which counts characters read, cannot stop
 * it. Each group multiplies the bound by its number of alternatives, and by two if it is repeated. Belongs to one pattern.
 *
 * <p>Brackets and bars inside classes and quotations are counted as if they were groups and alternatives, which makes the
 * bound too high but never too low.
 */
final class PatternWays {

    private final String pattern;
    private final Deque<Integer> alternatives = new ArrayDeque<>();
    private double ways = 1;

    private PatternWays(String pattern) {
        this.pattern = pattern;
    }

    static double of(String pattern) {
        return new PatternWays(pattern).count();
    }

    private double count() {
        alternatives.push(1);
        for (int i = 0; i < pattern.length(); i++) {
            if (pattern.charAt(i) == '\\') {
                i += pattern.startsWith("c", i + 1) ? 2 : 1;
            } else {
                count(pattern.charAt(i), i);
            }
        }
        alternatives.forEach(open -> ways *= open);
        return ways;
    }

    private void count(char c, int at) {
        switch (c) {
            case '(' -> alternatives.push(1);
            case '|' -> alternatives.push(alternatives.pop() + 1);
            case ')' -> ways *= repetitions(at + 1) * (alternatives.size() > 1 ? alternatives.pop() : 1);
            default -> {}
        }
    }

    /** What a quantifier at {@code at} multiplies the ways of the group before it with. */
    private int repetitions(int at) {
        return at < pattern.length() && "?*+{".indexOf(pattern.charAt(at)) >= 0 ? 2 : 1;
    }
}
