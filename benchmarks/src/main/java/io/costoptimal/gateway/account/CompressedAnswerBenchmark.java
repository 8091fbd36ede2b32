package io.costoptimal.gateway.account;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.bench.Chats;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.http.ContentCoding;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Reading the usage of an answer that is plain, and of the same that is compressed and has to be unpacked beside the stream. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class CompressedAnswerBenchmark {

    private static final int EVENTS = 200;

    /** What the answer is; a stream comes an event a read, each sent as soon as it is written. */
    public enum Answer {
        DOCUMENT_1_KB(1024),
        DOCUMENT_8_KB(8 * 1024),
        DOCUMENT_100_KB(100 * 1024),
        EVENTS_200(0);

        private final int bytes;

        Answer(int bytes) {
            this.bytes = bytes;
        }
    }

    @Param
    private Answer answer;

    private final List<ByteBuf> plain = new ArrayList<>();
    private final List<ByteBuf> packed = new ArrayList<>();

    @Setup
    public void setUp() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        GZIPOutputStream gzip = new GZIPOutputStream(out, 512, true);
        for (byte[] read : reads()) {
            plain.add(buffer(read));
            gzip.write(read);
            gzip.flush();
            packed.add(buffer(out.toByteArray()));
            out.reset();
        }
        gzip.close();
        packed.add(buffer(out.toByteArray()));
    }

    private List<byte[]> reads() {
        if (answer.bytes > 0) {
            return List.of(Chats.answer(answer.bytes));
        }
        List<byte[]> reads = new ArrayList<>();
        for (int i = 0; i < EVENTS; i++) {
            reads.add(Chats.event("and the words of event " + i * 7919 % 1000 + ", which differ"));
        }
        reads.add(Chats.usageEvent());
        reads.add(Chats.done());
        return reads;
    }

    private static ByteBuf buffer(byte[] bytes) {
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes.length).writeBytes(bytes);
    }

    @TearDown
    public void tearDown() {
        plain.forEach(ByteBuf::release);
        packed.forEach(ByteBuf::release);
    }

    @Benchmark
    public Usage plain() {
        UsageTap tap =
                UsageTap.of(StandardOperations.CHAT_COMPLETIONS, answer.bytes == 0, answer.bytes > 0 ? length() : -1);
        for (ByteBuf read : plain) {
            tap.payload(read, read.readerIndex(), read.readableBytes());
        }
        return tap.usage();
    }

    private long length() {
        return plain.get(0).readableBytes();
    }

    @Benchmark
    public Usage compressed() {
        UsageTap tap = UsageTap.of(StandardOperations.CHAT_COMPLETIONS, answer.bytes == 0, -1);
        UnpackedPayload unpacked = new UnpackedPayload(ContentCoding.GZIP, tap);
        for (ByteBuf read : packed) {
            unpacked.payload(read, read.readerIndex(), read.readableBytes());
        }
        unpacked.over();
        return tap.usage();
    }
}
