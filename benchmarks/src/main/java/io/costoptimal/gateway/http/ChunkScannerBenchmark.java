package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
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

/** One read of a chunked answer that does not end: an event of 200 bytes, or 64 KB at once. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ChunkScannerBenchmark {

    @Param({"200", "65536"})
    private int chunk;

    private final ChunkScanner scanner = new ChunkScanner();
    private final Sink sink = new Sink();
    private EmbeddedChannel decoder;
    private ByteBuf read;

    @Setup
    public void setUp() {
        String line = Integer.toHexString(chunk) + "\r\n";
        read = PooledByteBufAllocator.DEFAULT
                .directBuffer()
                .writeBytes(ascii(line))
                .writeZero(chunk)
                .writeBytes(ascii("\r\n"));
        decoder =
                new EmbeddedChannel(new HttpResponseDecoder(new HttpDecoderConfig().setMaxChunkSize(128 * 1024)), sink);
        decoder.pipeline()
                .fireChannelRead(PooledByteBufAllocator.DEFAULT
                        .directBuffer()
                        .writeBytes(ascii("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n")));
    }

    @TearDown
    public void tearDown() {
        read.release();
        decoder.close();
    }

    @Benchmark
    public int gateway() {
        int n = scanner.scan(read, null);
        if (n != read.readableBytes()) {
            throw new IllegalStateException(scanner.failed());
        }
        return n;
    }

    /** Netty's decoder, and no more than its events: what they hold is released at once. */
    @Benchmark
    public int netty() {
        decoder.pipeline().fireChannelRead(read.retainedDuplicate());
        decoder.pipeline().fireChannelReadComplete();
        return sink.take(chunk);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Sink extends ChannelInboundHandlerAdapter {

        private int bytes;

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof HttpContent content) {
                bytes += content.content().readableBytes();
            }
            ReferenceCountUtil.release(msg);
        }

        int take(int expected) {
            int taken = bytes;
            if (taken != expected) {
                throw new IllegalStateException("bytes: " + taken + " (expected: " + expected + ")");
            }
            bytes = 0;
            return taken;
        }
    }
}
