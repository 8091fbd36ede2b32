package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A client and its connection, without a network: raw bytes go in, and a log tells in order what was written, how the
 * connection was closed, and how exchanges ended. Time is virtual. Confined to the test's thread.
 *
 * <p>The log's words: a status ({@code 200}), with {@code +close} or {@code +keep} where the head says so; {@code bytes}
 * for what has no head; {@code shut} for our FIN; {@code closed}, or {@code reset} for a close with RST; an
 * {@link Outcome} for the end of an exchange.
 */
final class ClientWire extends EmbeddedChannel implements DuplexChannel {

    static final Policy POLICY = new Policy() {
        @Override
        public Operations operations() {
            return StandardOperations.ALL;
        }

        @Override
        public io.costoptimal.gateway.exchange.Keys keys() {
            return presented -> null;
        }

        @Override
        public io.costoptimal.gateway.exchange.Routes routes() {
            throw new UnsupportedOperationException();
        }
    };

    final List<String> log = new ArrayList<>();
    final StringBuilder written = new StringBuilder();
    final ScriptedStage stage = new ScriptedStage();
    final List<ExchangeReport> ended = new ArrayList<>();
    Consumer<ExchangeReport> listener = ended::add;

    Http1Client client;
    ExchangeRunner runner;

    private final ChannelConfig recording = new DefaultChannelConfig(this) {
        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (option == ChannelOption.SO_LINGER) {
                linger = (Integer) value;
                return true;
            }
            return super.setOption(option, value);
        }
    };
    private int linger = -1;
    private boolean slow;
    private boolean outputShut;

    private ClientWire() {}

    /** A connection whose one stage is {@link ScriptedStage}. */
    static ClientWire withStage() {
        ClientWire wire = new ClientWire();
        wire.build(List.of(wire.stage));
        return wire;
    }

    /** A connection with two stages before {@link ScriptedStage}. */
    static ClientWire with(Stage first, Stage second) {
        ClientWire wire = new ClientWire();
        wire.build(List.of(first, second, wire.stage));
        return wire;
    }

    private void build(List<Stage> stages) {
        freezeTime();
        RequestDecoder decoder = new RequestDecoder(Limits.DEFAULTS.head(), new ByteBudget(Long.MAX_VALUE));
        pipeline()
                .addLast(new WireLog(), decoder)
                .addLast(new Http1Connection(
                        decoder,
                        Limits.DEFAULTS.client(),
                        Timeouts.DEFAULTS.client(),
                        new RequestHeads(() -> POLICY, new Peer(this, TrustedProxies.NONE)),
                        client -> runner(client, stages)));
    }

    private ExchangeRunner runner(ClientSide side, List<Stage> stages) {
        client = (Http1Client) side;
        ExchangeWatch watch = report -> {
            log.add(report.outcome().name());
            listener.accept(report);
        };
        runner = new ExchangeRunner(
                side, stages, watch, Timeouts.DEFAULTS.exchange().total());
        return runner;
    }

    /** Sends {@code bytes}, one char each. */
    ClientWire send(String bytes) {
        if (isOpen()) {
            writeInbound(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        }
        return this;
    }

    ClientWire sendBytewise(String bytes) {
        for (int i = 0; i < bytes.length(); i++) {
            send(bytes.substring(i, i + 1));
        }
        return this;
    }

    /** What is written from now on stays queued until {@link #takes}. */
    ClientWire slow() {
        slow = true;
        return this;
    }

    /** The client takes up to {@code bytes} of what is queued for it. */
    ClientWire takes(long bytes) {
        ChannelOutboundBuffer queue = unsafe().outboundBuffer();
        queue.addFlush();
        long left = bytes;
        while (left > 0 && queue.current() instanceof ByteBuf first) {
            int n = (int) Math.min(left, first.readableBytes());
            left -= n;
            queue.removeBytes(n);
        }
        runPendingTasks();
        return this;
    }

    ClientWire pass(Duration time) {
        advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        runScheduledPendingTasks();
        runPendingTasks();
        return this;
    }

    /** The client closes: whatever still runs hears of it. */
    void leave() {
        log.add("left");
        finishAndReleaseAll();
    }

    String story() {
        return String.join(" ", log);
    }

    /** How many answers, interim ones left out, were written. */
    long answers() {
        return log.stream().filter(word -> word.matches("[2-5]\\d\\d.*")).count();
    }

    @Override
    public ChannelConfig config() {
        return recording == null ? super.config() : recording;
    }

    @Override
    protected void doClose() throws Exception {
        if (!log.contains("left")) {
            log.add(linger == 0 ? "reset" : "closed");
        }
        super.doClose();
    }

    @Override
    public ChannelFuture shutdownOutput() {
        log.add("shut");
        outputShut = true;
        return newSucceededFuture();
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShut;
    }

    @Override
    public boolean isInputShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdownInput() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isShutdown() {
        return false;
    }

    @Override
    public ChannelFuture shutdown() {
        throw new UnsupportedOperationException();
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        throw new UnsupportedOperationException();
    }

    /** Reads what would go to the socket, and keeps no buffer unless the client is slow. */
    private final class WireLog extends ChannelOutboundHandlerAdapter {

        @Override
        public void write(ChannelHandlerContext ctx, Object msg, ChannelPromise promise) {
            ByteBuf bytes = (ByteBuf) msg;
            String text = bytes.toString(StandardCharsets.ISO_8859_1);
            written.append(text);
            if (text.startsWith("HTTP/1.1 ")) {
                String head = text.substring(0, text.indexOf("\r\n\r\n"));
                String option = head.contains("connection: close")
                        ? "+close"
                        : head.contains("connection: keep-alive") ? "+keep" : "";
                log.add(head.substring(9, 12) + option);
            } else if (!text.isEmpty()) {
                log.add("bytes");
            }
            if (slow) {
                ctx.write(bytes, promise);
                return;
            }
            bytes.release();
            ctx.write(Unpooled.EMPTY_BUFFER, promise);
        }

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!slow) {
                ctx.flush();
            }
        }
    }

    /** A stage that holds nothing and does what it is told, by default nothing. */
    final class ScriptedStage implements Stage {

        final List<Exchange> exchanges = new ArrayList<>();
        final StringBuilder bodies = new StringBuilder();
        int wholeRequests;
        Runnable onHead = () -> {};
        Runnable onWholeRequest = () -> {};

        @Override
        public void enter(Exchange exchange, Run run) {
            exchanges.add(exchange);
            onHead.run();
        }

        @Override
        public void body(ByteBuf piece, boolean last) {
            bodies.append(piece.toString(StandardCharsets.ISO_8859_1));
            piece.release();
            if (last) {
                wholeRequests++;
                onWholeRequest.run();
            }
        }

        Exchange exchange() {
            return exchanges.get(exchanges.size() - 1);
        }

        /** Relays a whole answer. */
        void answer() {
            begin(false);
            write("ok");
            runner.finish(Outcome.COMPLETED);
        }

        /**
         * Relays the head of an answer.
         *
         * @param bounded whether the connection knows that the client can tell where the answer ends
         */
        void begin(boolean bounded) {
            exchange().authenticated(null);
            exchange().answering(200);
            client.relays(bounded);
            String connection = client.keepAlive() ? "" : "connection: close\r\n";
            write("HTTP/1.1 200 OK\r\n" + connection + "content-length: 2\r\n\r\n");
        }

        void write(String bytes) {
            ChannelHandlerContext ctx = pipeline().context(Http1Connection.class);
            ctx.writeAndFlush(Unpooled.copiedBuffer(bytes, StandardCharsets.ISO_8859_1));
        }
    }
}
