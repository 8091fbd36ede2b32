package io.costoptimal.gateway.route;

import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A regular expression that is run on texts, each time within a {@link StepBudget}. Any thread. One matcher is kept for
 * reuse, so that a match usually allocates nothing; a thread that finds it in use makes a matcher of its own.
 */
final class BudgetedPattern {

    private final Pattern pattern;
    private final boolean whole;
    private final AtomicReference<Run> spare = new AtomicReference<>();

    /** A matcher, and the text it looks at through its budget. */
    private record Run(Matcher matcher, StepBudget budget) {}

    /** @param whole whether the whole text has to match, or only some part of it */
    BudgetedPattern(Pattern pattern, boolean whole) {
        this.pattern = pattern;
        this.whole = whole;
    }

    /** @throws RuleFault when it takes too many steps or too much stack to tell */
    boolean matches(String text) {
        Run run = spare.getAndSet(null);
        if (run == null) {
            StepBudget budget = new StepBudget();
            run = new Run(pattern.matcher(budget), budget);
        }
        run.budget.begin(text);
        try {
            Matcher matcher = run.matcher.reset();
            boolean matches = whole ? matcher.matches() : matcher.find();
            // Drop the text, which may be somebody's header. A matcher whose match was cut short by a fault is not
            // kept.
            run.budget.begin("");
            spare.set(run);
            return matches;
        } catch (StackOverflowError e) {
            throw new RuleFault("a pattern recurses too deeply");
        }
    }
}
