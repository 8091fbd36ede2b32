package io.costoptimal.gateway.exchange;

import java.util.concurrent.RejectedExecutionException;

/** Token counting as the route stage needs it: a source per request, and threads on which it may be slow. */
public interface TokenCounting {

    /**
     * A source for one request body.
     *
     * @param endpoint decides which members count as text
     * @param model the resolved model name; decides the encoding
     * @param body the whole body; borrowed for the life of the source and not changed meanwhile
     */
    TokenSource source(Endpoint endpoint, String model, byte[] body);

    /**
     * Runs {@code job} off the event loops.
     *
     * @throws RejectedExecutionException when the bounded queue is full
     */
    void execute(Runnable job);
}
