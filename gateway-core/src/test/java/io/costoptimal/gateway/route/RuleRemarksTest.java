package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever writes a rule that does nothing is told so. */
class RuleRemarksTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "true",
                "TokenCount >= 0",
                "TokenCount > -1",
                "0 <= TokenCount",
                "TokenCount * 2 + 1 > 0",
                "TokenCount >= -0.5",
                "MaxTokens >= -1",
                "len(Model) >= 0",
                "TokenCount > 100 || TokenCount < 200",
                "TokenCount > 100 || TokenCount <= 100",
                "not (TokenCount > 100) or TokenCount > 50",
                "Stream ? true : TokenCount >= 0",
                "Model != 'x' || Model != 'y'",
                "Model == 'gpt-4o'",
                "Model matches '4o'",
                "Model in ['o3', 'gpt-4o'] or Stream",
            })
    void saysThatARuleAlwaysHolds(String rule) {
        assertThat(Rule.compile(rule).remarks("gpt-4o"))
                .singleElement()
                .asString()
                .contains("always holds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "false",
                "TokenCount < 0",
                "TokenCount > 12000 && TokenCount < 2000",
                "TokenCount > 12000 && Stream && !(TokenCount >= 2000)",
                "TokenCount == 5 and TokenCount == 6",
                "TokenCount in 10..1",
                "Key == 'a' && Key == 'b'",
                "Headers['x-tier'] == 'gold' && Stream && Headers['x-tier'] == 'silver'",
                "Model == 'gpt-5'",
                "string.startsWith(Model, 'claude')",
                "upper(Model) == 'gpt-4o'",
                "TokenCount > 5000000000000",
            })
    void saysThatARuleNeverHolds(String rule) {
        assertThat(Rule.compile(rule).remarks("gpt-4o"))
                .singleElement()
                .asString()
                .contains("never holds");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TokenCount > 0",
                "TokenCount > 2000 && TokenCount < 12000",
                "TokenCount < 100 || TokenCount > 200",
                "MaxTokens > 4000",
                "MaxTokens == -1",
                "9223372036854775807 + TokenCount > 0",
                "Key == 'a' || Key == 'b'",
                "Stream == (TokenCount > 5)",
                "Model == 'gpt-4o' && TokenCount < 2000",
                "Key == Headers['x-key'] && Key == 'a'",
                "TokenCount % 2 == 0",
            })
    void saysNothingOfARuleThatDecides(String rule) {
        assertThat(Rule.compile(rule).remarks("gpt-4o")).isEmpty();
    }

    @Test
    void assumesNoModelWhereThereMayBeSeveral() {
        assertThat(Rule.compile("Model == 'gpt-4o'").remarks(null)).isEmpty();
    }

    @Test
    void saysThatARuleDividesByZero() {
        assertThat(Rule.compile("TokenCount % 0 == 1").remarks(null))
                .containsExactly("it divides by zero; a rule that fails on a request does not hold");
        assertThat(Rule.compile("TokenCount % 2 == 1 && TokenCount / 0.0 > 1").remarks(null))
                .isEmpty();
    }

    @Test
    void saysThatADivisionDropsTheFraction() {
        assertThat(Rule.compile("TokenCount / 2 > 1000").remarks("m"))
                .singleElement()
                .asString()
                .contains("drops the fraction");
        assertThat(Rule.compile("TokenCount / 2.0 > 1000").remarks("m")).isEmpty();
        assertThat(Rule.compile("TokenCount / 2 > 1000 and Stream").remarks("m"))
                .isEmpty();
    }

    /** What is said of a rule is true of every request. */
    @Test
    void isNeverContradictedByARequest() {
        Random random = new Random(20261127);
        RandomRules rules = new RandomRules(random);
        int said = 0;
        for (int i = 0; i < 6000; i++) {
            Rule rule = Rule.compile(rules.condition(3));
            String remarks = String.join(" ", rule.remarks("gpt-4o"));
            boolean always = remarks.contains("always holds");
            boolean never = remarks.contains("never holds");
            said += always || never ? 1 : 0;
            for (int j = 0; j < 20 && (always || never); j++) {
                assertThat(verdict(rule, random)).as(rule.toString()).isNotEqualTo(always ? "FALSE" : "TRUE");
            }
        }
        assertThat(said).isGreaterThan(300);
    }

    private static String verdict(Rule rule, Random random) {
        String tier = random.nextBoolean() ? "gold" : null;
        RoutingFacts facts = new RoutingFacts(
                "gpt-4o",
                random.nextBoolean() ? Asking.CHAT : "/v1/messages",
                random.nextBoolean(),
                random.nextInt(300) - 1,
                new RoutingFacts.Caller(random.nextBoolean() ? "team" : "gold", Map.of("x", "y")::get));
        RoutingFacts asked = tier == null
                ? facts
                : new RoutingFacts(
                        facts.model(),
                        facts.path(),
                        facts.stream(),
                        facts.maxTokens(),
                        new RoutingFacts.Caller(facts.caller().key(), name -> tier));
        long count = random.nextInt(600);
        try {
            return rule.evaluate(asked, TokenSource.bounds(count, count)).name();
        } catch (RuleFault fault) {
            return "fault";
        }
    }
}
