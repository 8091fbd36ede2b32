package io.costoptimal.gateway.route;

import com.googlecode.aviator.AviatorEvaluator;
import com.googlecode.aviator.AviatorEvaluatorInstance;
import com.googlecode.aviator.Expression;
import io.costoptimal.gateway.bench.Providers;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.RetryOn;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A whole decision: the last of so many rules matches, and none needs a count. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RouterBenchmark {

    @Param({"1", "50", "500"})
    private int rules;

    private final Map<String, Object> variables = Asked.variables();
    private Router router;
    private List<Expression> compiled;

    @Setup
    public void setUp() {
        List<String> expressions =
                IntStream.rangeClosed(1, rules).mapToObj(this::expression).toList();
        List<Candidate> candidates = List.of(Providers.candidate());
        List<RoutedRule> routed = expressions.stream()
                .map(expression -> new RoutedRule(Rule.compile(expression), candidates))
                .toList();
        router = new Router(new RouteTable(
                Map.of(), List.of(new ModelRoutes("gpt-4o", candidates, routed, null)), null, RetryOn.ALL));
        AviatorEvaluatorInstance aviator = AviatorEvaluator.newInstance();
        compiled = expressions.stream().map(aviator::compile).toList();
    }

    private String expression(int i) {
        if (i == rules) {
            return "Model == 'gpt-4o'";
        }
        return switch (i % 3) {
            case 0 -> "Key == 'team-" + i + "'";
            case 1 -> "Path == '/v1/embeddings' && MaxTokens > " + i;
            default -> "TokenCount > " + (100_000 + i);
        };
    }

    @Benchmark
    public Decision gateway() {
        return router.decide(Asked.FACTS, Asked.BOUNDS);
    }

    @Benchmark
    public Expression aviator() {
        for (Expression expression : compiled) {
            if (Boolean.TRUE.equals(expression.execute(variables))) {
                return expression;
            }
        }
        throw new IllegalStateException("no rule matched");
    }
}
