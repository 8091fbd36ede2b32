package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.netty.util.concurrent.FastThreadLocal;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Logs one line for each exchange, unless access lines are off. Called on every event loop; allocates nothing in steady
 * state and never blocks.
 */
public final class AccessLog implements GatewayListener {

    /** The logger's name in {@code log4j2.xml}. */
    static final String LOGGER = "access";

    private final Logger log = LogManager.getLogger(LOGGER);
    private final FastThreadLocal<AccessRecord> records = new FastThreadLocal<>() {
        @Override
        protected AccessRecord initialValue() {
            return new AccessRecord();
        }
    };

    @Override
    public void exchangeEnded(ExchangeReport exchange) {
        if (!log.isInfoEnabled()) {
            return;
        }
        AccessRecord record = records.get();
        record.of(exchange);
        // The ring copies the text before this returns, so the record is free again.
        log.info(record);
        record.of(null);
    }
}
