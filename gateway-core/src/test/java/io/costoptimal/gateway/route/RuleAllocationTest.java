package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.management.ThreadMXBean;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.lang.management.ManagementFactory;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RuleAllocationTest {

    private static final int EVALUATIONS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RoutingFacts facts = Asking.of("gpt-4o", Asking.CHAT, Map.of("x-tier", "gold"));
    private final TokenSource bounds = TokenSource.bounds(0, 8000);

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TokenCount > 12000",
                "Path == '/v1/chat/completions'",
                "Model == 'claude-3-5-sonnet' && TokenCount < 2000",
                "TokenCount < 2000 && Model == 'claude-3-5-sonnet'",
                "Headers['x-tier'] == 'gold' || string.startsWith(Key, 'batch-')",
                "Model =~ /^gpt-4.*/",
                "Model =~ /^(gpt|o)-?[34](o|\\.1)?$/",
                "TokenCount + MaxTokens > 128000",
                "TokenCount * 1.3 > 128000 ? Stream : MaxTokens / 2 > string.length(Model)",
                "TokenCount % 2 == 1",
                "Model in ['gpt-4o', 'o3'] or TokenCount not in 1..100_000",
                "Model matches '^(gpt|o)-?[34]' and not (Path contains 'x') and len(Model) > 3",
                "lower(Key) endsWith 'm' and (Headers['x-none'] ?? 'none') == 'none'",
            })
    void evaluatesWithoutAllocating(String expression) {
        assumeThat(threads.isThreadAllocatedMemorySupported()).isTrue();
        Rule rule = Rule.compile(expression);
        evaluate(rule);

        long before = threads.getCurrentThreadAllocatedBytes();
        evaluate(rule);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated / EVALUATIONS).isZero();
    }

    private void evaluate(Rule rule) {
        Verdict first = rule.evaluate(facts, bounds);
        for (int i = 1; i < EVALUATIONS; i++) {
            if (rule.evaluate(facts, bounds) != first) {
                throw new AssertionError("evaluation " + i + " of " + rule);
            }
        }
    }
}
