package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.EmbedderCalls;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.InFlight;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CompletableFuture;

/** Counts the running exchanges of one event loop and passes their ends on. Confined to that loop but for {@link #inFlight}. */
final class LoopWatch implements ExchangeWatch {

    private final InFlight inFlight = new InFlight();
    private final Services services;
    private final LateCounts counts;

    LoopWatch(EventExecutor loop, Services services, TokenCounting counting) {
        this.services = services;
        this.counts = new LateCounts(loop, counting, this::tell);
    }

    @Override
    public void began(Exchange exchange) {
        exchange.countIn(inFlight);
        if (services.look() || exchange.policy().routes().secondLook() != null) {
            EmbedderCalls calls = new EmbedderCalls(new VisibleFields(exchange), services.fields());
            exchange.embedder(calls);
            calls.started(exchange, services.hooks());
        }
    }

    @Override
    public void ended(Exchange exchange) {
        if (exchange.uncounted().isEmpty()) {
            tell(exchange);
        } else {
            counts.add(exchange);
        }
    }

    private void tell(Exchange exchange) {
        if (exchange.embedder() != null) {
            exchange.embedder().ended(exchange);
        }
        services.listener().exchangeEnded(exchange);
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
