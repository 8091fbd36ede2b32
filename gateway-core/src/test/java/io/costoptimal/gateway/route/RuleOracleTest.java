package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import com.googlecode.aviator.AviatorEvaluator;
import com.googlecode.aviator.AviatorEvaluatorInstance;
import com.googlecode.aviator.EvalMode;
import com.googlecode.aviator.Expression;
import io.costoptimal.gateway.exchange.BodyStart;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Holds our evaluation against Aviator's own, and evaluation by bounds against evaluation by a full count. */
class RuleOracleTest {

    private static final int EXPRESSIONS = 4000;
    private static final int REQUESTS = 6;
    private static final String FAULT = "fault";

    private final AviatorEvaluatorInstance aviator = AviatorEvaluator.newInstance(EvalMode.INTERPRETER);
    private final Random random = new Random(20261122);
    private int faults;
    private int unknown;
    private int decidedWithoutCounting;
    private int counted;

    @Test
    void agreesWithAviatorHoweverMuchIsKnownOfTheCount() {
        RandomRules rules = new RandomRules(random);
        for (int i = 0; i < EXPRESSIONS; i++) {
            String expression = rules.condition(3);
            Expression oracle = aviator.compile(expression);
            Rule rule = Rule.compile(expression);
            for (int j = 0; j < REQUESTS; j++) {
                compare(rule, oracle, request(), random.nextInt(500));
            }
        }
        // The test is worth something only if all of these happen, and often.
        assertThat(faults).isGreaterThan(EXPRESSIONS / 20);
        assertThat(unknown).isGreaterThan(EXPRESSIONS);
        assertThat(counted).isGreaterThan(EXPRESSIONS);
        assertThat(decidedWithoutCounting).isGreaterThan(EXPRESSIONS);
    }

    private void compare(Rule rule, Expression oracle, RoutingFacts facts, long count) {
        String expected = byAviator(oracle, facts, count);
        long low = Math.max(0, count - random.nextInt(300));
        long high = count + random.nextInt(300);
        ScriptedTokens tokens = new ScriptedTokens(count, low, high);
        String context = rule + " on " + facts + " with " + low + " <= " + count + " <= " + high;

        assertThat(byUs(rule, facts, TokenSource.bounds(count, count)))
                .as(context)
                .isEqualTo(expected);
        assertThat(byUs(rule, facts, tokens)).as(context).isEqualTo(expected);
        String byBounds = byUs(rule, facts, TokenSource.bounds(low, high));
        if (byBounds.equals(Verdict.UNKNOWN.name())) {
            unknown++;
            assertThat(tokens.counted()).as(context).isTrue();
        } else {
            assertThat(byBounds).as(context).isEqualTo(expected);
            assertThat(tokens.counted()).as(context).isFalse();
        }
        note(rule, expected, tokens);
    }

    private void note(Rule rule, String expected, ScriptedTokens tokens) {
        if (expected.equals(FAULT)) {
            faults++;
        }
        if (tokens.counted()) {
            counted++;
        } else if (rule.usesTokens()) {
            decidedWithoutCounting++;
        }
    }

    private static String byUs(Rule rule, RoutingFacts facts, TokenSource tokens) {
        try {
            return rule.evaluate(facts, tokens).name();
        } catch (RuleFault fault) {
            return FAULT;
        }
    }

    private static String byAviator(Expression oracle, RoutingFacts facts, long count) {
        Map<String, Object> headers = new HashMap<>();
        headers.put("x-tier", facts.caller().headers().apply("x-tier"));
        Map<String, Object> variables = new HashMap<>();
        variables.put("TokenCount", count);
        variables.put("MaxTokens", facts.maxTokens());
        variables.put("Model", facts.model());
        variables.put("Path", facts.path());
        variables.put("Key", facts.caller().key());
        variables.put("ClientAddress", facts.caller().address());
        variables.put("Stream", facts.stream());
        variables.put("Headers", headers);
        try {
            return Verdict.of((Boolean) oracle.execute(variables)).name();
        } catch (ArithmeticException divisionByZero) {
            return FAULT;
        }
    }

    private RoutingFacts request() {
        String tier = one("gold", "team", null);
        return new RoutingFacts(
                one("gpt-4o", "gpt-4o-mini", "claude-3-5-sonnet", ""),
                one("/v1/chat/completions", "/v1/messages"),
                random.nextBoolean(),
                random.nextInt(5) == 0 ? -1 : random.nextInt(400),
                new RoutingFacts.Caller(
                        one("team", "gold"),
                        one("10.0.0.1", "gold", null),
                        name -> name.equals("x-tier") ? tier : null,
                        BodyStart.NONE));
    }

    private String one(String... of) {
        return of[random.nextInt(of.length)];
    }
}
