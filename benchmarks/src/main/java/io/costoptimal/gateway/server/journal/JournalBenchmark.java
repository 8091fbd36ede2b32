package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.bench.Providers;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.PriceTable;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.server.accesslog.AccessLog;
import io.costoptimal.gateway.server.metrics.Metrics;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What one exchange with usage costs, on its event loop and on the journal's thread together: writing it into a lane alone, and
 * with each of the readers; with money, what it has cost is worked out too. No disk is written.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class JournalBenchmark {

    private final Lane withTexts = new Lane(1024 * 1024, new Wanted(true, false));
    private final Lane withoutTexts = new Lane(1024 * 1024, new Wanted(false, false));
    private final Lane withMoney = new Lane(1024 * 1024, new Wanted(true, true));
    private final Entry entry = new Entry();
    private final JournalReader nobody = exchange -> {};
    private final JournalReader metrics = new Metrics().exchanges();
    private final AccessLog log = new AccessLog((bytes, lines) -> bytes.position(bytes.limit()));

    private Exchange exchange;

    @Setup
    public void setUp() {
        DefaultHttpRequest request = new DefaultHttpRequest(
                HttpVersion.HTTP_1_1, HttpMethod.POST, StandardOperations.CHAT_COMPLETIONS.path());
        request.headers().set("User-Agent", "OpenAI/Python 3.22.1");
        exchange = new Exchange(
                request, new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null), priced());
        exchange.clientAddress("192.0.2.7");
        exchange.authenticated(new Principal("team", Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField("gpt-4o", 0, 1), false, -1, false, 2), new HeldBody());
        Decision.Match match = new Decision.Match("gpt-4o", "providers");
        exchange.routed(new Decision("gpt-4o", match, List.of(Providers.candidate()), RetryOn.ALL, null));
        exchange.attempt(Providers.candidate());
        exchange.dropRequest();
        exchange.headCame(200);
        exchange.answering(200);
        exchange.usage(new Usage(new Usage.Input(600, 100, -1, -1, -1), new Usage.Output(300, -1, -1)));
        exchange.end(Outcome.COMPLETED);
    }

    @Benchmark
    public void written() {
        through(withTexts, nobody);
    }

    @Benchmark
    public void writtenWithMoney() {
        through(withMoney, nobody);
    }

    /** A configuration in which the provider has a price. */
    private static Snapshot priced() {
        ModelPrice price = ModelPrice.builder()
                .version("benchmark")
                .price(TokenClass.INPUT, 2_500_000_000L)
                .price(TokenClass.OUTPUT, 10_000_000_000L)
                .build();
        PriceTable prices =
                new PriceTable(Map.of(Providers.provider().id(), new PriceTable.Listed(Map.of("gpt-4o", price), null)));
        return new Snapshot(KeyRing.of(List.of()), new Router(new RouteTable(Map.of(), List.of(), null, RetryOn.ALL)))
                .with(prices);
    }

    @Benchmark
    public void writtenWithoutTexts() {
        through(withoutTexts, nobody);
    }

    @Benchmark
    public void counted() {
        through(withoutTexts, metrics);
    }

    @Benchmark
    public void logged() {
        through(withTexts, log);
    }

    private void through(Lane lane, JournalReader reader) {
        lane.add(exchange);
        lane.next(entry);
        reader.exchange(entry);
        lane.release();
    }
}
