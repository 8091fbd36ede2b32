package io.costoptimal.gateway.http;

import io.costoptimal.gateway.bench.Wire;
import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.http.ResponseHead.Persistence;
import io.costoptimal.gateway.http.ResponseHead.Progress;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A provider's head, read and written without the fields that end at this hop. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class ResponseHeadBenchmark {

    private static final byte[] X_REQUEST_ID = "x-request-id: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] HEAD = ("HTTP/1.1 200 OK\r\n"
                    + "Date: Sun, 22 Nov 2026 12:00:00 GMT\r\n"
                    + "Content-Type: application/json\r\n"
                    + "Content-Length: 0\r\n"
                    + "Connection: keep-alive\r\n"
                    + "access-control-expose-headers: X-Request-ID\r\n"
                    + "openai-organization: user-3xk2hxv2o9c6\r\n"
                    + "openai-processing-ms: 512\r\n"
                    + "openai-version: 2020-10-01\r\n"
                    + "x-ratelimit-limit-requests: 10000\r\n"
                    + "x-ratelimit-limit-tokens: 2000000\r\n"
                    + "x-ratelimit-remaining-requests: 9999\r\n"
                    + "x-ratelimit-remaining-tokens: 1999976\r\n"
                    + "x-ratelimit-reset-requests: 6ms\r\n"
                    + "x-ratelimit-reset-tokens: 0s\r\n"
                    + "x-request-id: req_0c1fe2a0a3c34a6f8a4b8c1f5a0b7d52\r\n"
                    + "strict-transport-security: max-age=31536000; includeSubDomains; preload\r\n"
                    + "cf-cache-status: DYNAMIC\r\n"
                    + "X-Content-Type-Options: nosniff\r\n"
                    + "Server: cloudflare\r\n"
                    + "CF-RAY: 8e5a1b2c3d4e5f60-FRA\r\n"
                    + "\r\n")
            .getBytes(StandardCharsets.US_ASCII);

    private static final RequestId OURS = RequestId.next();

    /** As every answer gets it. */
    private static final AddedFields ID = out -> {
        OURS.writeTo(out.writeBytes(X_REQUEST_ID));
        out.writeShort('\r' << 8 | '\n');
    };

    private final ResponseHead head = new ResponseHead(32 * 1024);
    private ByteBuf read;
    private Wire codec;

    @Setup
    public void setUp() {
        read = PooledByteBufAllocator.DEFAULT.directBuffer(ResponseHead.ROOM + HEAD.length);
        codec = new Wire(new HttpResponseDecoder(), new HttpResponseEncoder(), new Rewriter());
    }

    @TearDown
    public void tearDown() {
        read.release();
        codec.close();
    }

    /** Where it lies. What was read comes anew each time, as it does from a socket. */
    @Benchmark
    public int gateway() {
        receive();
        int bytes = read.readerIndex() - head.rewrite(false, Persistence.IMPLIED, ID);
        head.clear();
        return bytes;
    }

    /** In a buffer of its own. */
    @Benchmark
    public int copied() {
        receive();
        ByteBuf out = head.write(PooledByteBufAllocator.DEFAULT, false, Persistence.IMPLIED, ID, 0);
        head.clear();
        int bytes = out.readableBytes();
        out.release();
        return bytes;
    }

    private void receive() {
        read.setIndex(ResponseHead.ROOM, ResponseHead.ROOM).writeBytes(HEAD);
        if (head.read(read, PooledByteBufAllocator.DEFAULT) != Progress.COMPLETE) {
            throw new IllegalStateException(head.malformed());
        }
    }

    /** Netty's codec on both sides. */
    @Benchmark
    public long netty() {
        read.clear().writeBytes(HEAD);
        codec.pipeline().fireChannelRead(read.retainedDuplicate());
        codec.pipeline().fireChannelReadComplete();
        return codec.sent();
    }

    private static final class Rewriter extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object msg) {
            if (msg instanceof HttpResponse response) {
                HttpHeaders headers = response.headers();
                headers.remove(HttpHeaderNames.CONNECTION);
                headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
            }
            ctx.write(msg, ctx.voidPromise());
        }

        @Override
        public void channelReadComplete(ChannelHandlerContext ctx) {
            ctx.flush();
        }
    }
}
