package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.netty.util.concurrent.FastThreadLocal;
import org.apache.logging.log4j.Logger;

/**
 * Logs one line for each exchange, unless access lines were off when it was made. Called on every event loop; allocates nothing in steady
 * state and never blocks.
 */
public final class AccessLog implements GatewayListener {

    /** The name of its logger. */
    static final String LOGGER = "access";

    private final Logger log = Logging.access();
    private final FastThreadLocal<AccessRecord> records = new FastThreadLocal<>() {
        @Override
        protected AccessRecord initialValue() {
            return new AccessRecord();
        }
    };

    @Override
    public void exchangeEnded(ExchangeReport exchange) {
        if (log == null) {
            return;
        }
        AccessRecord record = records.get();
        record.of(exchange);
        // The ring copies the text before this returns, so the record is free again.
        log.info(record);
        record.of(null);
    }
}
