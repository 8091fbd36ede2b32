package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.bench.Chats;
import io.costoptimal.gateway.bench.Text;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/**
 * Finding the model in a chat body that arrived in reads of 16 KB, and knowing that the body is sound. All three read to
 * the end: a duplicate may be the last member. Jackson gets arrays, which it likes best; the blocking parser gets the whole
 * body in one, which somebody would have had to gather.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class JsonScannerBenchmark {

    private static final int READ = 16 * 1024;
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    @Param({"1024", "8192", "102400", "1048576", "10485760"})
    private int bytes;

    @Param({"first", "last"})
    private String model;

    private final JsonScanner scanner = new JsonScanner(200);
    private final List<ByteBuf> reads = new ArrayList<>();
    private byte[] body;

    @Setup
    public void setUp() {
        body = Chats.request(Text.PROSE, bytes, model.equals("first"));
        for (int at = 0; at < body.length; at += READ) {
            int n = Math.min(READ, body.length - at);
            reads.add(PooledByteBufAllocator.DEFAULT.directBuffer(n).writeBytes(body, at, n));
        }
    }

    @TearDown
    public void tearDown() {
        reads.forEach(ByteBuf::release);
    }

    @Benchmark
    public RequestFacts gateway() {
        return scan(false);
    }

    /** The same where a decision may depend on what of the body is no text. */
    @Benchmark
    public RequestFacts gatewayWithContent() {
        return scan(true);
    }

    private RequestFacts scan(boolean content) {
        scanner.reset(content);
        for (ByteBuf read : reads) {
            scanner.scan(read);
        }
        if (!scanner.end()) {
            throw new IllegalStateException(scanner.fault().message());
        }
        return scanner.facts();
    }

    @Benchmark
    public String jackson() {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), body)) {
            ModelSearch search = new ModelSearch(parser);
            search.run();
            return search.model;
        }
    }

    @Benchmark
    public String jacksonNonBlocking() {
        try (JsonParser parser = JACKSON.createNonBlockingByteArrayParser(ObjectReadContext.empty())) {
            ByteArrayFeeder feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
            ModelSearch search = new ModelSearch(parser);
            for (int at = 0; at < body.length; at += READ) {
                feeder.feedInput(body, at, Math.min(at + READ, body.length));
                search.run();
            }
            feeder.endOfInput();
            search.run();
            return search.model;
        }
    }

    /** Walks over the tokens there are. */
    private static final class ModelSearch {

        private final JsonParser parser;
        private int depth;
        private boolean valueNext;
        private String model;

        private ModelSearch(JsonParser parser) {
            this.parser = parser;
        }

        void run() {
            for (JsonToken token = parser.nextToken();
                    token != null && token != JsonToken.NOT_AVAILABLE;
                    token = parser.nextToken()) {
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.PROPERTY_NAME) {
                    valueNext = depth == 1 && parser.currentName().equals("model");
                } else if (valueNext) {
                    model = parser.getString();
                    valueNext = false;
                }
            }
        }
    }
}
