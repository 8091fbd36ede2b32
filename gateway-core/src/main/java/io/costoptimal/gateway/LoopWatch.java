package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.InFlight;
import io.costoptimal.gateway.stage.ExchangeWatch;

/** Counts the running exchanges of one event loop and passes their ends on. Confined to that loop but for {@link #inFlight}. */
final class LoopWatch implements ExchangeWatch {

    private final InFlight inFlight = new InFlight();
    private final GatewayListener listener;

    LoopWatch(GatewayListener listener) {
        this.listener = listener;
    }

    @Override
    public void began(Exchange exchange) {
        exchange.countIn(inFlight);
    }

    @Override
    public void ended(ExchangeReport exchange) {
        listener.exchangeEnded(exchange);
    }

    /** Any thread. */
    InFlight inFlight() {
        return inFlight;
    }
}
