package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * One rule: an expression that a request fulfils or not, in the syntax of Aviator or of Expr. Immutable, any thread.
 *
 * <p>Variables: {@code TokenCount}, {@code MaxTokens} (-1 when the request sets none), {@code Model} (after aliases),
 * {@code Path}, {@code Key} (the name of the client's key), {@code Stream}, {@code Headers["name"]} (nil when absent),
 * {@code Hour} and {@code Weekday} (in UTC).
 * Functions: {@code string.startsWith}, {@code string.endsWith}, {@code string.contains}, {@code string.length}, and of a
 * candidate of the model {@code Cost("provider")}, {@code InputPrice("provider")}, {@code OutputPrice("provider")}; these
 * fault in a rule that is in no {@link Router}.
 * {@code =~} wants the whole text to match.
 *
 * <p>Where Aviator compares nil with anything, here nil has no order, begins with nothing, matches nothing and has length
 * 0; only {@code ==} and {@code !=} tell it from text. Types are checked when the rule is compiled.
 */
public final class Rule {

    private final boolean usesTokens;
    private final boolean usesPrices;
    private final boolean dropsFractions;
    private final boolean dividesByZero;
    private final Source source;
    private final Syntax syntax;
    private final Condition condition;

    private final Offers offers;

    private Rule(Source source, Syntax syntax, Offers offers) {
        this.source = source;
        this.syntax = syntax;
        this.offers = offers;
        this.usesTokens = syntax.usesTokens();
        this.usesPrices = syntax.usesPrices();
        TypeCheck types = new TypeCheck(source, offers);
        this.condition = types.rule(syntax);
        this.dropsFractions = types.dropsFractions();
        this.dividesByZero = types.dividesByZero();
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
            return new Rule(source, RuleParser.parse(source), Offers.NONE);
        } catch (RuleException refused) {
            byAviator = refused;
        }
        ExprParser expr = new ExprParser(source);
        try {
            return new Rule(source, expr.parse(), Offers.NONE);
        } catch (RuleException refused) {
            throw expr.own() ? refused : byAviator;
        }
    }

    /**
     * The same rule, with prices to ask for.
     *
     * @throws RuleException when it names a provider that {@code offers} do not have
     */
    Rule with(Offers offers) {
        return usesPrices ? new Rule(source, syntax, offers) : this;
    }

    /**
     * Makes sure that this rule asks for the prices of these providers only.
     *
     * @throws RuleException at the first that is another one
     */
    public void requireProviders(Collection<String> ids) {
        with((function, provider) -> ids.contains(provider) ? new PriceTerm.Unbound(provider) : null);
    }

    /** The ids of the providers whose prices it asks for, in alphabetical order. */
    public Set<String> pricedProviders() {
        Set<String> ids = new TreeSet<>();
        with((function, provider) -> {
            ids.add(provider);
            return new PriceTerm.Unbound(provider);
        });
        return ids;
    }

    /** As written. */
    public String expression() {
        return source.text();
    }

    /** Whether the token count is mentioned at all; if not, nothing is ever counted for this rule. */
    public boolean usesTokens() {
        return usesTokens;
    }

    /** Whether it asks what a candidate costs. */
    public boolean usesPrices() {
        return usesPrices;
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

    /**
     * How this rule comes out for a request, condition by condition; every one is evaluated, even where an earlier one
     * decides. Counts nothing. For people: takes as long as compiling the rule does.
     */
    public RuleTrace trace(RoutingFacts facts, TokenSource tokens) {
        return new RuleTracer(source, offers, facts, tokens).trace(syntax);
    }

    /**
     * What is odd about this rule, in words for whoever wrote it; usually nothing.
     *
     * @param model the one model whose requests are asked this rule, or {@code null} when there may be several
     */
    public List<String> remarks(String model) {
        List<String> remarks = new ArrayList<>();
        switch (new Foregone(model).verdict(condition)) {
            case TRUE -> remarks.add("this rule always holds; no rule after it is ever asked");
            case FALSE -> remarks.add("this rule never holds");
            case UNKNOWN -> {}
        }
        if (dividesByZero) {
            remarks.add("it divides by zero; a rule that fails on a request does not hold");
        }
        if (dropsFractions) {
            remarks.add("'/' between whole numbers drops the fraction, as in Aviator (to keep it, as in Expr: / 2.0)");
        }
        return remarks;
    }

    @Override
    public String toString() {
        return source.text();
    }
}
