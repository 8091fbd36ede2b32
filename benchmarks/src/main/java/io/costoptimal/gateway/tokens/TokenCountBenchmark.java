package io.costoptimal.gateway.tokens;

import com.knuddels.jtokkit.api.Encoding;
import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.bench.Chats;
import io.costoptimal.gateway.bench.Text;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.route.Verdict;
import io.netty.buffer.Unpooled;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * {@code TokenCount > 12000} on a body: by its length where that decides, else by a count that stops once it is decided;
 * beside counting all of it, and beside the tokenizer on the text alone.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class TokenCountBenchmark {

    private static final String MODEL = "gpt-4o";

    private static final RoutingFacts FACTS = new RoutingFacts(
            MODEL,
            StandardOperations.CHAT_COMPLETIONS.path(),
            false,
            -1,
            new RoutingFacts.Caller("team", name -> null));

    @Param({"8192", "409600"})
    private int bytes;

    @Param
    private Text text;

    private final Rule rule = Rule.compile("TokenCount > 12000");
    private byte[] body;
    private Encoding tokenizer;
    private String words;

    @Setup
    public void setUp() {
        body = Chats.request(text, bytes, false);
        words = text.atLeast(bytes);
        tokenizer = Encodings.get(Encodings.nameFor(MODEL));
    }

    @Benchmark
    public Verdict gateway() {
        Verdict verdict = rule.evaluate(FACTS, TokenSource.bounds(0, body.length));
        return verdict == Verdict.UNKNOWN
                ? rule.evaluate(
                        FACTS,
                        new BodyTokens(
                                StandardOperations.CHAT_COMPLETIONS, MODEL, Unpooled.wrappedBuffer(body), () -> false))
                : verdict;
    }

    @Benchmark
    public long fullCount() {
        return TokenCounter.count(StandardOperations.CHAT_COMPLETIONS, MODEL, body);
    }

    @Benchmark
    public int jtokkit() {
        return tokenizer.countTokensOrdinary(words);
    }
}
