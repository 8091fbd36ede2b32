package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.h2.StreamsOf;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.List;

/**
 * A client's connection that speaks HTTP/2, with a stream for each exchange, without a network; what it received is told in
 * the words of a client that takes payload. Confined to the test's thread.
 */
final class Http2End implements ClientEnd {

    private final EmbeddedChannel channel;
    private final List<String> log;
    private final Relay relay;
    private final Runnable onFlush;
    private final StreamsOf streams;
    private final StringBuilder received = new StringBuilder();

    private Runnable atEnd = () -> {};
    private ExchangeRunner runner;
    private Heard side;
    private boolean refusing;
    private boolean slow;
    /** Whether the client is held back. */
    private boolean held;

    private long waiting;
    private int whole;
    private int flushes;

    Http2End(EmbeddedChannel channel, List<String> log, Relay relay, Runnable onFlush) {
        this.channel = channel;
        this.log = log;
        this.relay = relay;
        this.onFlush = onFlush;
        this.streams = new StreamsOf(channel, this::runner);
    }

    private ExchangeRunner runner(ClientSide client) {
        side = new Heard(client);
        ExchangeWatch watch = over -> log.add(over.outcome().toString());
        runner = new ExchangeRunner(side, List.of(relay), watch, Duration.ofDays(365));
        return runner;
    }

    @Override
    public void enter(Exchange exchange, boolean keepAlive) {
        held = false;
        streams.begin(exchange);
    }

    @Override
    public void sends(ByteBuf piece, boolean last) {
        streams.sends(piece, last);
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
    public int flushes() {
        return flushes;
    }

    @Override
    public void slow() {
        slow = true;
        streams.window(0);
    }

    @Override
    public void takes(long bytes) {
        int n = (int) Math.min(bytes, waiting);
        if (n > 0) {
            waiting -= n;
            streams.takes(n);
        }
    }

    @Override
    public void writable(boolean writable) {
        refusing = !writable;
        runner.clientWritabilityChanged();
    }

    @Override
    public boolean isWritable() {
        return side.writable();
    }

    @Override
    public void leaves() {
        streams.resets();
    }

    @Override
    public void atEnd(Runnable next) {
        atEnd = next;
    }

    @Override
    public void thrown(Throwable cause) {
        runner.defect(cause);
    }

    @Override
    public void close() {
        channel.runPendingTasks();
        leaves();
        runner.finish(Outcome.CLIENT_CANCELLED);
        assertThat(streams.close()).as("streams that ended in order").hasSizeLessThanOrEqualTo(whole);
    }

    /** Hands everything on to the stream, and tells of it. */
    private final class Heard implements ClientSide {

        private final ClientSide stream;
        private boolean unflushed;

        Heard(ClientSide stream) {
            this.stream = stream;
        }

        @Override
        public boolean takesChunks() {
            return stream.takesChunks();
        }

        @Override
        public void begin(ResponseHead head, Ending ending, ByteBuf first) {
            received.append(received.isEmpty() ? "" : "\n")
                    .append(head.status())
                    .append(' ');
            gets(first.toString(ISO_8859_1));
            stream.begin(head, ending, first);
        }

        @Override
        public void body(ByteBuf bytes) {
            gets(bytes.toString(ISO_8859_1));
            stream.body(bytes);
        }

        @Override
        public void insert(byte[] payload) {
            gets(new String(payload, ISO_8859_1));
            stream.insert(payload);
        }

        private void gets(String payload) {
            received.append(payload);
            unflushed = true;
            waiting += slow ? payload.length() : 0;
        }

        @Override
        public void flush() {
            stream.flush();
            if (unflushed) {
                unflushed = false;
                flushes++;
                onFlush.run();
            }
        }

        @Override
        public void answer(LocalAnswer answer, boolean last) {
            log.add(Integer.toString(answer.status()));
            stream.answer(answer, last);
        }

        @Override
        public void end() {
            whole++;
            stream.end();
            Runnable next = atEnd;
            atEnd = () -> {};
            next.run();
        }

        @Override
        public void abort(boolean left) {
            stream.abort(left);
        }

        @Override
        public boolean writable() {
            return stream.writable() && !refusing;
        }

        @Override
        public void watch() {
            stream.watch();
        }

        @Override
        public boolean progressed() {
            return stream.progressed();
        }

        @Override
        public void askForBody() {
            log.add("ask");
            stream.askForBody();
        }

        @Override
        public void holdBody() {
            if (!held) {
                log.add("hold");
            }
            held = true;
            stream.holdBody();
        }

        @Override
        public void resumeBody() {
            if (held) {
                log.add("let go on");
            }
            held = false;
            stream.resumeBody();
        }

        @Override
        public String address() {
            return null;
        }

        @Override
        public ByteBufAllocator alloc() {
            return stream.alloc();
        }

        @Override
        public EventExecutor loop() {
            return stream.loop();
        }
    }
}
