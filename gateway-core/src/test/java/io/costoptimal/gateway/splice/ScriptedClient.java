package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.http.ChunkScanner;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A client without a wire. What it gets is told as {@code 200 hello}: the status, and the payload of the body, in a line for
 * each answer; so it is the same whether the client takes chunks or not. Confined to the test's thread.
 */
final class ScriptedClient implements ClientEnd, ClientSide {

    /** Beyond this much waiting the client takes no more, until half of it has gone. */
    private static final int HIGH = 64 * 1024;

    /** Looks in a row that may find progress. */
    private static final int MAX_LOOKS = 10;

    private final boolean takesChunks;
    private final EventExecutor loop;
    private final List<String> log;
    private final ExchangeRunner runner;
    /** What else a flush does. */
    private final Runnable onFlush;

    private Runnable atEnd = () -> {};
    private final StringBuilder received = new StringBuilder();
    private final List<Ending> endings = new ArrayList<>();

    private Exchange exchange;
    private boolean answered;
    /** Whether the client may send no more of its body. */
    private boolean held;

    private ChunkScanner chunks;
    private boolean slow;
    private boolean full;
    private boolean refusing;
    private long waiting;
    private long taken;
    private long lastTaken;
    private int looks;
    private int flushes;
    private boolean unflushed;

    /**
     * @param relay of this client's exchanges
     * @param onFlush what else a flush does
     */
    ScriptedClient(boolean takesChunks, EventExecutor loop, List<String> log, Relay relay, Runnable onFlush) {
        this.takesChunks = takesChunks;
        this.loop = loop;
        this.log = log;
        ExchangeWatch watch = over -> log.add(over.outcome().toString());
        this.runner = new ExchangeRunner(this, List.of(relay), watch, Duration.ofDays(365));
        this.onFlush = onFlush;
    }

    // What happens.

    @Override
    public void enter(Exchange started, boolean keepAlive) {
        exchange = started;
        answered = false;
        held = false;
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
        atEnd = next;
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
        long n = Math.min(bytes, waiting);
        waiting -= n;
        taken += n;
        look();
    }

    @Override
    public void writable(boolean writable) {
        refusing = !writable;
        runner.clientWritabilityChanged();
    }

    @Override
    public boolean isWritable() {
        return writable();
    }

    @Override
    public void leaves() {
        runner.finish(Outcome.CLIENT_CANCELLED);
        runner.close();
    }

    @Override
    public void thrown(Throwable cause) {
        runner.defect(cause);
    }

    @Override
    public void close() {
        leaves();
        assertThat(endings).as("bodies in chunks").allMatch(ending -> takesChunks || ending != Ending.CHUNKS);
    }

    private void look() {
        boolean now = full ? waiting > HIGH / 2 : waiting > HIGH;
        if (now != full) {
            full = now;
            runner.clientWritabilityChanged();
        }
    }

    // What the relay does to the client.

    @Override
    public boolean takesChunks() {
        return takesChunks;
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        endings.add(ending);
        chunks = ending == Ending.CHUNKS ? new ChunkScanner() : null;
        received.append(received.isEmpty() ? "" : "\n").append(head.status()).append(' ');
        body(first);
    }

    @Override
    public void body(ByteBuf bytes) {
        int n = bytes.readableBytes();
        exchange.addResponseBytes(n);
        if (chunks == null) {
            received.append(bytes.toString(ISO_8859_1));
        } else {
            int scanned =
                    chunks.scan(bytes, (from, at, length) -> received.append(from.toString(at, length, ISO_8859_1)));
            assertThat(scanned).as("bytes that belong to the body").isEqualTo(n);
        }
        bytes.release();
        unflushed = true;
        if (slow) {
            waiting += n;
            look();
        }
    }

    @Override
    public void insert(byte[] payload) {
        assertThat(chunks == null || chunks.atBoundary())
                .as("between two chunks")
                .isTrue();
        ChunkScanner coded = chunks;
        chunks = null;
        body(Unpooled.wrappedBuffer(payload));
        chunks = coded;
    }

    @Override
    public void flush() {
        if (unflushed) {
            unflushed = false;
            flushes++;
            onFlush.run();
        }
    }

    @Override
    public boolean writable() {
        return !full && !refusing;
    }

    @Override
    public void watch() {
        looks = 0;
        lastTaken = taken;
    }

    @Override
    public boolean progressed() {
        boolean some = taken > lastTaken;
        lastTaken = taken;
        return some && ++looks <= MAX_LOOKS;
    }

    @Override
    public ByteBufAllocator alloc() {
        return ByteBufAllocator.DEFAULT;
    }

    @Override
    public EventExecutor loop() {
        return loop;
    }

    @Override
    public String address() {
        return null;
    }

    @Override
    public void askForBody() {
        log.add("ask");
    }

    @Override
    public void holdBody() {
        if (!held) {
            log.add("hold");
        }
        held = true;
    }

    @Override
    public void resumeBody() {
        if (held) {
            log.add("let go on");
        }
        held = false;
    }

    @Override
    public void answer(LocalAnswer answer, boolean last) {
        log.add(Integer.toString(answer.status()));
        answered = true;
    }

    @Override
    public void end() {
        assertThat(answered || exchange.outcome() == Outcome.COMPLETED)
                .as("whole")
                .isTrue();
        Runnable next = atEnd;
        atEnd = () -> {};
        next.run();
    }

    @Override
    public void abort(boolean left) {
        assertThat(answered || exchange.outcome() == Outcome.COMPLETED)
                .as("whole")
                .isFalse();
        assertThat(left).isEqualTo(exchange.outcome() == Outcome.CLIENT_CANCELLED);
    }
}
