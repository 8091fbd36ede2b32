package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.bench.Providers;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.Usage;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Histogram;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What it costs an event loop to count one exchange with usage. With {@code -t 2}, of two event loops at once. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class MetricsBenchmark {

    /** As many as an exchange adds to: itself, its attempt, bytes in and out, four classes of tokens. */
    private static final int COUNTERS = 8;

    private final Metrics metrics = new Metrics();
    private final CounterDataPoint[] counters = new CounterDataPoint[COUNTERS];
    private DistributionDataPoint firstByte;
    private DistributionDataPoint duration;
    private Exchange exchange;

    @Setup
    public void setUp() {
        exchange = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, Endpoint.CHAT_COMPLETIONS.path()),
                new Target(Endpoint.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null),
                true,
                null);
        exchange.authenticated(new Principal("team", Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField("gpt-4o", 0, 1), false, -1, false, 2), new HeldBody());
        Decision.Match match = new Decision.Match("gpt-4o", "providers");
        exchange.routed(new Decision("gpt-4o", match, List.of(Providers.candidate()), RetryOn.ALL, null));
        exchange.attempt(Providers.candidate());
        exchange.headCame(200);
        exchange.answering(200);
        exchange.usage(new Usage(700, 300, 100, -1, -1));
        exchange.end(Outcome.COMPLETED);
        Counter counter = Counter.builder()
                .name("counter")
                .labelNames("name")
                .withoutExemplars()
                .build();
        for (int i = 0; i < COUNTERS; i++) {
            counters[i] = counter.labelValues(Integer.toString(i));
        }
        firstByte = histogram("first_byte");
        duration = histogram("duration");
    }

    private static DistributionDataPoint histogram(String name) {
        return Histogram.builder()
                .name(name)
                .labelNames("name")
                .classicOnly()
                .classicUpperBounds(.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 120, 300)
                .withoutExemplars()
                .build()
                .labelValues("x");
    }

    @Benchmark
    public void gateway() {
        metrics.exchangeEnded(exchange);
    }

    /** The same figures in the library's own data points, each found beforehand; without tokens by key. */
    @Benchmark
    public void library() {
        for (CounterDataPoint counter : counters) {
            counter.inc(300);
        }
        firstByte.observe(exchange.firstByteNanos() / 1e9);
        duration.observe(exchange.totalNanos() / 1e9);
    }
}
