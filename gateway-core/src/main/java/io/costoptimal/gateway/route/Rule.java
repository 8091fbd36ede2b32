package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;

/**
 * One rule: an expression in Aviator's syntax that a request fulfils or not. Immutable, any thread.
 *
 * <p>Variables: {@code TokenCount}, {@code MaxTokens} (-1 when the request sets none), {@code Model} (after aliases),
 * {@code Path}, {@code Key} (the name of the client's key), {@code Stream}, {@code Headers["name"]} (nil when absent).
 * Functions: {@code string.startsWith}, {@code string.endsWith}, {@code string.contains}, {@code string.length}.
 * {@code =~} wants the whole text to match.
 *
 * <p>Where Aviator compares nil with anything, here nil has no order, begins with nothing, matches nothing and has length
 * 0; only {@code ==} and {@code !=} tell it from text. Types are checked when the rule is compiled.
 */
public final class Rule {

    private final String expression;
    private final boolean usesTokens;
    private final Condition condition;

    private Rule(String expression, boolean usesTokens, Condition condition) {
        this.expression = expression;
        this.usesTokens = usesTokens;
        this.condition = condition;
    }

    /**
     * Compiles {@code expression}. Takes milliseconds, the first time a few hundred: not for an event loop.
     *
     * @throws RuleException when it is not a condition made of what rules may use
     */
    public static Rule compile(String expression) {
        Source source = new Source(expression);
        try {
            return inEitherLanguage(source);
        } catch (StackOverflowError e) {
            throw source.refusal(0, "nested too deeply");
        }
    }

    /**
     * In Aviator's syntax first, so that whatever it can say means what it means there; then in Expr's. What neither
     * understands is refused in the words of the language that was probably meant.
     */
    private static Rule inEitherLanguage(Source source) {
        RuleException byAviator;
        try {
            return of(source, RuleParser.parse(source));
        } catch (RuleException refused) {
            byAviator = refused;
        }
        ExprParser expr = new ExprParser(source);
        try {
            return of(source, expr.parse());
        } catch (RuleException refused) {
            throw expr.own() ? refused : byAviator;
        }
    }

    private static Rule of(Source source, Syntax syntax) {
        return new Rule(source.text(), syntax.usesTokens(), new TypeCheck(source).rule(syntax));
    }

    /** As written. */
    public String expression() {
        return expression;
    }

    /** Whether the token count is mentioned at all; if not, nothing is ever counted for this rule. */
    public boolean usesTokens() {
        return usesTokens;
    }

    /**
     * Whether a request fulfils this rule. Counts as far as the answer takes, and not at all if bounds are enough.
     *
     * @return {@link Verdict#UNKNOWN} only when counting would be needed and {@code tokens} has bounds only
     * @throws RuleFault when the rule fails on this request; it then counts as not fulfilled
     */
    public Verdict evaluate(RoutingFacts facts, TokenSource tokens) {
        Verdict verdict = condition.test(facts, tokens);
        while (verdict == Verdict.UNKNOWN && countOn(facts, tokens)) {
            verdict = condition.test(facts, tokens);
        }
        return verdict;
    }

    private boolean countOn(RoutingFacts facts, TokenSource tokens) {
        long low = tokens.low();
        long high = tokens.high();
        if (!tokens.countPast(condition.countNeeded(facts, tokens))) {
            return false;
        }
        if (tokens.low() == low && tokens.high() == high) {
            throw new IllegalStateException("token source: counted, but its bounds did not tighten");
        }
        return true;
    }

    @Override
    public String toString() {
        return expression;
    }
}
