package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.tokens.CountingPool;
import io.costoptimal.gateway.tokens.Encodings;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * The cheapest candidate of a request: by the bounds of its input alone, and with a count where those leave it open. Also
 * how many requests of a mix were counted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class CostChooserBenchmark {

    @Param
    private Mix mix;

    private final CountingPool counting = new CountingPool();
    private final Ranking ranking = new Ranking();
    private List<Mix.Request> requests;
    private int next;

    /** How often the tokenizer ran; the report divides one by the other. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {

        public long decisions;
        public long counted;

        @Setup(Level.Iteration)
        public void reset() {
            decisions = 0;
            counted = 0;
        }
    }

    @Setup
    public void setUp() {
        Encodings.load(Encodings.Name.O200K_BASE);
        requests = mix.requests();
    }

    private Mix.Request next() {
        next = next + 1 == requests.size() ? 0 : next + 1;
        return requests.get(next);
    }

    /** What the event loop does: it decides, or finds out that it cannot. */
    @Benchmark
    public boolean bounds() {
        Mix.Request request = next();
        return request.chooser().choose(request.demand(), request.bounds(), ranking);
    }

    /** Until it is decided, on whatever thread. */
    @Benchmark
    public int decided(Counters counters) {
        Mix.Request request = next();
        counters.decisions++;
        if (!request.chooser().choose(request.demand(), request.bounds(), ranking)) {
            counters.counted++;
            request.chooser().choose(request.demand(), request.counting(counting), ranking);
        }
        return ranking.candidate(0);
    }
}
