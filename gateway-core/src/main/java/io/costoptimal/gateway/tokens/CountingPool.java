package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * A few daemon threads that count tokens, behind a bounded queue: what does not fit is refused rather than guessed. Thread
 * safe.
 *
 * <p>Small on purpose. Counting is the most expensive thing done for a request; its threads must not crowd out the event
 * loops.
 */
public final class CountingPool implements TokenCounting, AutoCloseable {

    private static final int QUEUE = 256;

    private final ThreadPoolExecutor threads;

    /** One thread, or two where there are more than two processors; a queue of 256. */
    public CountingPool() {
        this(Runtime.getRuntime().availableProcessors() > 2 ? 2 : 1, QUEUE);
    }

    /**
     * Starts no thread before the first job.
     *
     * @param size number of threads
     * @param queue jobs that may wait for one
     */
    public CountingPool(int size, int queue) {
        threads = new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(queue),
                new DefaultThreadFactory("gateway-tokens", true),
                new ThreadPoolExecutor.AbortPolicy());
    }

    @Override
    public TokenSource source(Operation operation, String model, ByteBuf body, BooleanSupplier cancelled) {
        return new BodyTokens(operation, model, body, cancelled);
    }

    @Override
    public long answer(Operation operation, String model, SeenText text, BooleanSupplier cancelled) {
        return TokenCounter.count(operation, model, text, cancelled);
    }

    @Override
    public boolean knows(String model) {
        return Encodings.knows(model);
    }

    @Override
    public void execute(Runnable job) {
        threads.execute(job);
    }

    @Override
    public boolean remove(Runnable job) {
        return threads.remove(job);
    }

    /** Jobs waiting for a thread. */
    public int queued() {
        return threads.getQueue().size();
    }

    /** Jobs on a thread. */
    public int running() {
        return threads.getActiveCount();
    }

    /** Refuses new jobs; those accepted still run. Does not wait for them. */
    @Override
    public void close() {
        threads.shutdown();
    }
}
