package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.bench.Providers;
import io.costoptimal.gateway.bench.Wire;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.pool.AbstractChannelPoolHandler;
import io.netty.channel.pool.ChannelPool;
import io.netty.channel.pool.SimpleChannelPool;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A connection that idles, leased and given back. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class UpstreamPoolBenchmark {

    private final Provider provider = Providers.provider();
    private final OneLessee lessee = new OneLessee();
    private UpstreamPool pool;
    private ChannelPool netty;

    @Setup
    public void setUp() {
        pool = new UpstreamPool(
                new Wire().eventLoop(),
                (loop, origin, last, next) -> next.connected(new Wire(last)),
                Limits.DEFAULTS.upstream(),
                Timeouts.DEFAULTS.pool());
        Wire wire = new Wire();
        netty = new SimpleChannelPool(new Bootstrap().group(wire.eventLoop()), new NothingToDo()) {
            @Override
            protected ChannelFuture connectChannel(Bootstrap bootstrap) {
                return wire.newSucceededFuture();
            }
        };
    }

    @Benchmark
    public UpstreamConnection gateway() {
        pool.lease(provider, false, lessee);
        lessee.leased.release(true);
        return lessee.leased;
    }

    /** Netty's own pool without a limit; it has none by destination, and checks less. */
    @Benchmark
    public Channel netty() {
        Channel channel = netty.acquire().getNow();
        netty.release(channel);
        return channel;
    }

    private static final class OneLessee implements Lessee {

        private UpstreamConnection leased;

        @Override
        public void leased(UpstreamConnection connection) {
            leased = connection;
        }

        @Override
        public void refused(UpstreamFailure failure) {
            throw new IllegalStateException(failure.cause());
        }
    }

    private static final class NothingToDo extends AbstractChannelPoolHandler {
        @Override
        public void channelCreated(Channel channel) {}
    }
}
