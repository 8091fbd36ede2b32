package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.InFlight;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;

/** Counts the running exchanges of one event loop and passes their ends on. Confined to that loop but for {@link #inFlight}. */
final class LoopWatch implements ExchangeWatch {

    private final InFlight inFlight = new InFlight();
    private final GatewayListener listener;
    private final LateCounts counts;

    LoopWatch(EventExecutor loop, GatewayListener listener, TokenCounting counting) {
        this.listener = listener;
        this.counts = new LateCounts(loop, counting, listener::exchangeEnded);
    }

    @Override
    public void began(Exchange exchange) {
        exchange.countIn(inFlight);
    }

    @Override
    public void ended(Exchange exchange) {
        if (exchange.uncounted().isEmpty()) {
            listener.exchangeEnded(exchange);
        } else {
            counts.add(exchange);
        }
    }

    /** Any thread: completes once the tokens of every exchange that has ended are counted. */
    CompletableFuture<Void> counted() {
        return counts.idle();
    }

    /** No exchange follows: passes on those whose tokens are still being counted. */
    void close() {
        counts.flush();
    }

    /** Any thread. */
    InFlight inFlight() {
        return inFlight;
    }
}
