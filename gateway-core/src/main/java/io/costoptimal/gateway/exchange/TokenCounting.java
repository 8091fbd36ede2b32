package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

/** Token counting as the route stage needs it: a source per request, and threads on which it may be slow. */
public interface TokenCounting {

    /**
     * A source for one request body.
     *
     * @param operation decides which members count as text
     * @param model the resolved model name; decides the encoding
     * @param body the whole body; borrowed for the life of the source and not changed meanwhile
     * @param cancelled asked now and then while counting; when true, {@link TokenSource#countPast} ends with a
     *     {@link java.util.concurrent.CancellationException}
     */
    TokenSource source(Operation operation, String model, ByteBuf body, BooleanSupplier cancelled);

    /**
     * Runs {@code job} off the event loops.
     *
     * @throws RejectedExecutionException when the bounded queue is full
     */
    void execute(Runnable job);

    /** Takes {@code job} out of the queue; returns false when it has begun, or was never there. */
    boolean remove(Runnable job);
}
