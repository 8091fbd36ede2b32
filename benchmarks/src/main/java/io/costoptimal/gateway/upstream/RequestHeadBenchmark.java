package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.bench.ClientHead;
import io.costoptimal.gateway.bench.Providers;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpVersion;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The head of a provider's request, made of the client's: every field copied but those that end here. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class RequestHeadBenchmark {

    private static final int LENGTH = 1024;

    private final HttpRequest client = ClientHead.decoded(LENGTH);
    private final Exchange exchange = new Exchange(
            client, new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null), new Policy() {
                @Override
                public Keys keys() {
                    return null;
                }

                @Override
                public Routes routes() {
                    return null;
                }
            });
    private final Candidate candidate = Providers.candidate();
    private final Encoder encoder = new Encoder();

    @Benchmark
    public int gateway() {
        ByteBuf out = RequestHead.write(PooledByteBufAllocator.DEFAULT, exchange, candidate, LENGTH, 0);
        int bytes = out.readableBytes();
        out.release();
        return bytes;
    }

    /** The usual way in Netty: a second set of headers, changed, and its encoder. */
    @Benchmark
    public int netty() {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, client.uri());
        HttpHeaders headers = request.headers().set(client.headers());
        headers.remove(HttpHeaderNames.CONNECTION);
        headers.remove(HttpHeaderNames.TE);
        headers.remove(HttpHeaderNames.TRANSFER_ENCODING);
        headers.remove(HttpHeaderNames.UPGRADE);
        headers.set(HttpHeaderNames.HOST, "provider.test");
        headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer sk-provider");
        headers.set(HttpHeaderNames.CONTENT_LENGTH, Integer.toString(LENGTH));
        ByteBuf out = PooledByteBufAllocator.DEFAULT.directBuffer(1536);
        encoder.write(out, request);
        int bytes = out.readableBytes();
        out.release();
        return bytes;
    }

    /** Opens Netty's encoder to a caller without a channel. */
    private static final class Encoder extends HttpRequestEncoder {

        void write(ByteBuf out, HttpRequest request) {
            try {
                encodeInitialLine(out, request);
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
            encodeHeaders(request.headers(), out);
            out.writeShort('\r' << 8 | '\n');
        }
    }
}
