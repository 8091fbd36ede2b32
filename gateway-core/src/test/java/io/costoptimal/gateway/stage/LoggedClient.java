package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A client without a wire: a log tells in order what was called. Time is virtual, and passes by {@link #pass}. Confined to the
 * test's thread.
 *
 * <p>The log's words: {@code ask}, {@code hold} and {@code resume} for its body; {@code begin} for a provider's
 * answer, of which no body is told; a status for an answer of the gateway's own, with {@code +last}; {@code end},
 * {@code abort} and {@code left}.
 */
public final class LoggedClient implements ClientSide {

    public final List<String> log = new ArrayList<>();
    public final List<LocalAnswer> answers = new ArrayList<>();
    /** Thrown by the next answer; {@code null} for none. */
    public Throwable failure;

    private final EmbeddedChannel time = new EmbeddedChannel();

    public LoggedClient() {
        time.freezeTime();
    }

    /** Runs what waits for the event loop, and no timer. */
    public void turn() {
        time.runPendingTasks();
    }

    public void pass(Duration duration) {
        time.advanceTimeBy(duration.toNanos(), TimeUnit.NANOSECONDS);
        time.runScheduledPendingTasks();
        time.runPendingTasks();
    }

    /** Whether no timer and no task waits. */
    public boolean quiet() {
        return time.runScheduledPendingTasks() == -1 && !time.hasPendingTasks();
    }

    public String story() {
        return String.join(" ", log);
    }

    @Override
    public boolean takesChunks() {
        return true;
    }

    @Override
    public void begin(ResponseHead head, Ending ending, ByteBuf first) {
        log.add("begin");
        body(first);
    }

    @Override
    public void body(ByteBuf bytes) {
        bytes.release();
    }

    @Override
    public void insert(byte[] payload) {}

    @Override
    public void flush() {}

    @Override
    public void answer(LocalAnswer answer, boolean last) {
        if (failure != null) {
            sneak(failure);
        }
        answers.add(answer);
        log.add(answer.status() + (last ? "+last" : ""));
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Override
    public void end() {
        log.add("end");
    }

    @Override
    public void abort(boolean left) {
        log.add(left ? "left" : "abort");
    }

    @Override
    public boolean writable() {
        return true;
    }

    @Override
    public void watch() {}

    @Override
    public boolean progressed() {
        return true;
    }

    @Override
    public void askForBody() {
        log.add("ask");
    }

    @Override
    public void holdBody() {
        log.add("hold");
    }

    @Override
    public void resumeBody() {
        log.add("resume");
    }

    @Override
    public String address() {
        return "127.0.0.1";
    }

    @Override
    public ByteBufAllocator alloc() {
        return UnpooledByteBufAllocator.DEFAULT;
    }

    @Override
    public EventExecutor loop() {
        return time.eventLoop();
    }
}
