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
     * Counts the tokens of an answer's text. Slow: never on an event loop.
     *
     * @param operation decides what of a document is text
     * @param model as the provider got it; decides the encoding
     * @param text borrowed
     * @param cancelled asked now and then; when true, this ends with a {@link java.util.concurrent.CancellationException}
     */
    default long answer(Operation operation, String model, SeenText text, BooleanSupplier cancelled) {
        throw new UnsupportedOperationException();
    }

    /** Whether counts for {@code model} are those of its own tokenizer, as far as anybody knows. */
    default boolean knows(String model) {
        return false;
    }

    /**
     * Runs {@code job} off the event loops.
     *
     * @throws RejectedExecutionException when the bounded queue is full
     */
    void execute(Runnable job);

    /** Takes {@code job} out of the queue; returns false when it has begun, or was never there. */
    boolean remove(Runnable job);
}
