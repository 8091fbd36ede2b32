package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RuleTraceTest {

    private static final RoutingFacts FACTS = Asking.of("gpt-4o", Asking.CHAT, Map.of("x-tier", "gold"));

    @Test
    void saysWhichHalfFailed() {
        RuleTrace trace = Rule.compile(
                        "TokenCount > 12_000 and (Model startsWith 'gpt' or Stream) and Headers['X-Tier'] == 'gold'")
                .trace(FACTS, TokenSource.bounds(500, 500));

        assertThat(trace.verdict()).isEqualTo(Verdict.FALSE);
        assertThat(trace.expression())
                .isEqualTo(
                        "TokenCount > 12000 && (Model startsWith \"gpt\" || Stream) && Headers[\"X-Tier\"] == \"gold\"");
        assertThat(trace.parts())
                .extracting(RuleTrace::verdict)
                .containsExactly(Verdict.FALSE, Verdict.TRUE, Verdict.TRUE);
        assertThat(trace.parts())
                .extracting(RuleTrace::values)
                .containsExactly(Map.of("TokenCount", 500L), Map.of(), Map.of("Headers[\"x-tier\"]", "gold"));
        assertThat(trace.parts().get(1).parts())
                .extracting(RuleTrace::values)
                .containsExactly(Map.of("Model", "gpt-4o"), Map.of("Stream", false));
    }

    @Test
    void saysThatAConditionIsOpen() {
        RuleTrace trace = Rule.compile("!(TokenCount > 100)").trace(FACTS, TokenSource.bounds(50, 500));

        assertThat(trace.verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(trace.parts().get(0).values()).isEqualTo(Map.of("TokenCount", "50 to 500"));
    }

    @Test
    void writesARangeAsOneCondition() {
        RuleTrace trace = Rule.compile("Stream or TokenCount - 1 in 1..(2 + 7)").trace(FACTS, TokenSource.bounds(5, 5));

        assertThat(trace.expression()).isEqualTo("Stream || (TokenCount - 1) in 1..(2 + 7)");
        assertThat(trace.parts().get(1).verdict()).isEqualTo(Verdict.TRUE);
        assertThat(trace.parts().get(1).values()).isEqualTo(Map.of("TokenCount", 5L));
    }

    @Test
    void saysWhyAConditionFailed() {
        RuleTrace trace =
                Rule.compile("Stream && 1 % MaxTokens > (MaxTokens + 1)").trace(FACTS, TokenSource.bounds(5, 5));
        RuleTrace fault = Rule.compile("1 / (MaxTokens + 1) > 0").trace(FACTS, TokenSource.bounds(5, 5));

        assertThat(trace.fault()).isNull();
        assertThat(fault.fault()).isEqualTo("division by zero");
    }

    /** What a trace calls a part means what the part means. */
    @Test
    void writesEveryPartAsARuleThatMeansTheSame() {
        Random random = new Random(20261127);
        RandomRules rules = new RandomRules(random);
        for (int i = 0; i < 2000; i++) {
            long count = random.nextInt(600);
            TokenSource tokens = TokenSource.bounds(count, count);
            // Aviator reads a number with so large an exponent inexactly, and reads what was read otherwise.
            String rule = rules.condition(3).replace("1e99", "1e9");
            check(Rule.compile(rule).trace(FACTS, tokens), tokens);
        }
    }

    private static void check(RuleTrace trace, TokenSource tokens) {
        if (trace.fault() == null) {
            assertThat(Rule.compile(trace.expression()).evaluate(FACTS, tokens))
                    .as(trace.expression())
                    .isEqualTo(trace.verdict());
        }
        List.copyOf(trace.parts()).forEach(part -> check(part, tokens));
    }
}
