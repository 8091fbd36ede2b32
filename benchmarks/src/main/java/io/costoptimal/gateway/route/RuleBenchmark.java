package io.costoptimal.gateway.route;

import com.googlecode.aviator.AviatorEvaluator;
import com.googlecode.aviator.Expression;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One rule on one request, in each form that rules take. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RuleBenchmark {

    @Param({
        "TokenCount > 12000",
        "Path == '/v1/chat/completions'",
        "Model == 'claude-3-5-sonnet' && TokenCount < 2000",
        "TokenCount < 12000 && Model == 'gpt-4o'",
        "Stream || MaxTokens > 1000",
        "Headers['x-tier'] == 'gold' || string.startsWith(Key, 'batch-')",
        "string.contains(Model, '4o') && string.length(Key) < 8",
        "Model =~ /^gpt-4.*/",
        "Model =~ /^(gpt|o)-?[34](o|\\.1)?$/",
        "TokenCount + MaxTokens > 128000",
        "TokenCount * 1.3 > 128000 ? Stream : MaxTokens / 2 > string.length(Model)"
    })
    private String expression;

    private final Map<String, Object> variables = Asked.variables();
    private Rule rule;
    private Expression compiled;

    @Setup
    public void setUp() {
        rule = Rule.compile(expression);
        compiled = AviatorEvaluator.newInstance().compile(expression);
    }

    @Benchmark
    public Verdict gateway() {
        return rule.evaluate(Asked.FACTS, Asked.BOUNDS);
    }

    @Benchmark
    public Object aviator() {
        return compiled.execute(variables);
    }
}
