package io.costoptimal.gateway.account;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.bench.Chats;
import io.costoptimal.gateway.exchange.Usage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
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
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.JsonRecyclerPools;

/** What a whole answer used: a stream of 50 events, one read each, or one document of 8 KB, its length known or not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class UsageTapBenchmark {

    private static final int EVENTS = 50;
    private static final int FIELD = "data: ".length();
    private static final JsonFactory JACKSON = JsonFactory.builder()
            .recyclerPool(JsonRecyclerPools.threadLocalPool())
            .build();

    /** How the answer comes. */
    public enum Answer {
        EVENTS,
        /** Read from its start. */
        DOCUMENT,
        /** Read from its end. */
        WHOLE_DOCUMENT
    }

    @Param
    private Answer answer;

    private final List<ByteBuf> reads = new ArrayList<>();
    private final List<byte[]> documents = new ArrayList<>();
    private final Accounting accounting = Accounting.within(0);
    private long announced = -1;

    @Setup
    public void setUp() {
        if (answer != Answer.EVENTS) {
            byte[] document = Chats.answer(8192);
            documents.add(document);
            announced = answer == Answer.WHOLE_DOCUMENT ? document.length : -1;
            add(document);
            return;
        }
        for (int i = 0; i < EVENTS; i++) {
            event(Chats.event("and a few more words, token by token"));
        }
        event(Chats.usageEvent());
        add(Chats.done());
    }

    private void event(byte[] event) {
        documents.add(Arrays.copyOfRange(event, FIELD, event.length));
        add(event);
    }

    private void add(byte[] read) {
        reads.add(PooledByteBufAllocator.DEFAULT.directBuffer(read.length).writeBytes(read));
    }

    @TearDown
    public void tearDown() {
        reads.forEach(ByteBuf::release);
    }

    @Benchmark
    public Usage gateway() {
        UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, answer == Answer.EVENTS, announced);
        for (ByteBuf read : reads) {
            tap.payload(read, read.readerIndex(), read.readableBytes());
        }
        return tap.usage();
    }

    /** The same, and keeps the text in case the usage does not come. */
    @Benchmark
    public Usage gatewayWithText() {
        UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, answer == Answer.EVENTS, announced, accounting);
        for (ByteBuf read : reads) {
            tap.payload(read, read.readerIndex(), read.readableBytes());
        }
        tap.release();
        return tap.usage();
    }

    /** Parses every document, cut out and copied from the answer for nothing; reads what follows {@code usage}. */
    @Benchmark
    public long jackson() {
        long tokens = 0;
        for (byte[] document : documents) {
            tokens += totalTokens(document);
        }
        return tokens;
    }

    private static long totalTokens(byte[] document) {
        try (JsonParser parser = JACKSON.createParser(ObjectReadContext.empty(), document)) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean usage = parser.currentName().equals("usage");
                parser.nextToken();
                if (usage) {
                    parser.nextToken();
                    return parser.nextLongValue(-1);
                }
                parser.skipChildren();
            }
            return 0;
        }
    }
}
