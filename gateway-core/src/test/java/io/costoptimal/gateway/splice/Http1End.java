package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.accept.RelayedToHttp1;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelPromise;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** A client's connection that speaks HTTP/1, without a network. Confined to the test's thread. */
final class Http1End implements ClientEnd {

    private final EmbeddedChannel channel;
    private final List<String> log;
    private final Runnable onFlush;
    private final RelayedToHttp1 side;
    private final ExchangeRunner runner;
    private final StringBuilder received = new StringBuilder();

    /** How many heads with the exchange's id were written to the client. */
    private int ids;
    /** How many exchanges had something of an answer written, which begins with a head. */
    private int answered;

    private Exchange lastAnswered;
    private Exchange exchange;
    private boolean slow;
    private int flushes;

    Http1End(EmbeddedChannel channel, List<String> log, Relay relay, Runnable onFlush) {
        this.channel = channel;
        this.log = log;
        this.onFlush = onFlush;
        ChannelInboundHandlerAdapter last = new ChannelInboundHandlerAdapter();
        channel.pipeline().addLast(new Front(), last);
        side = new RelayedToHttp1(channel.pipeline().context(last), status -> log.add(Integer.toString(status)));
        ExchangeWatch watch = over -> log.add(over.outcome().toString());
        runner = new ExchangeRunner(side, List.of(relay), watch, Duration.ofDays(365));
    }

    @Override
    public void enter(Exchange started, boolean keepAlive) {
        exchange = started;
        side.begins(started, keepAlive);
        runner.run(started);
    }

    @Override
    public void sends(ByteBuf piece, boolean last) {
        runner.body(piece, last);
    }

    @Override
    public String received() {
        return received.toString();
    }

    @Override
    public void forget() {
        received.setLength(0);
    }

    @Override
    public void atEnd(Runnable next) {
        side.atEnd(next);
    }

    @Override
    public int flushes() {
        return flushes;
    }

    @Override
    public void slow() {
        slow = true;
    }

    @Override
    public void takes(long bytes) {
        ChannelOutboundBuffer queue = channel.unsafe().outboundBuffer();
        queue.addFlush();
        long left = bytes;
        while (left > 0 && queue.current() instanceof ByteBuf first) {
            int n = (int) Math.min(left, first.readableBytes());
            left -= n;
            queue.removeBytes(n);
        }
    }

    @Override
    public void writable(boolean writable) {
        channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        channel.runPendingTasks();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public void leaves() {
        // Not by the channel's own close, which cancels every timer of its loop, and so hides those that are left.
        channel.pipeline().close();
    }

    @Override
    public void thrown(Throwable cause) {
        channel.pipeline().fireExceptionCaught(cause);
    }

    @Override
    public void close() {
        leaves();
        assertThat(ids).as("ids in: " + received).isEqualTo(answered);
    }

    /** Stands where the client's connection does, and ends exchanges as that does. */
    private final class Front extends ChannelDuplexHandler {

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ByteBuf bytes = (ByteBuf) msg;
            received.append(withoutId(bytes.toString(ISO_8859_1)));
            if (slow) {
                ctx.write(bytes, promise);
                return;
            }
            bytes.release();
            promise.trySuccess();
        }

        /** A head has the exchange's id once, which differs from scene to scene. */
        private String withoutId(String bytes) {
            if (exchange != lastAnswered) {
                lastAnswered = exchange;
                answered++;
            }
            String field = "x-request-id: " + exchange.id() + "\r\n";
            int at = bytes.indexOf(field);
            if (at < 0) {
                return bytes;
            }
            ids++;
            return bytes.substring(0, at) + bytes.substring(at + field.length());
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            flushes++;
            onFlush.run();
            if (!slow) {
                ctx.flush();
            }
        }

        @Override
        public void channelInactive(ChannelHandlerContext ctx) {
            runner.finish(Outcome.CLIENT_CANCELLED);
            runner.close();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext ctx) {
            runner.clientWritabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
            if (cause instanceof IOException) {
                ctx.close();
            } else {
                runner.defect(cause);
            }
        }
    }
}
