package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.ExchangeReport;

/** A lane of one event loop, read at once: what is told of an exchange goes through all of its bytes. One thread. */
public final class TestLane {

    private final Lane lane = new Lane(4 * Lane.LONGEST, true);
    private final Entry entry = new Entry();

    /** Tells {@code reader} of {@code exchange}. */
    public void tell(ExchangeReport exchange, JournalReader reader) {
        lane.add(exchange);
        while (lane.readable() > 0) {
            lane.next(entry);
            reader.exchange(entry);
        }
        lane.release();
    }
}
