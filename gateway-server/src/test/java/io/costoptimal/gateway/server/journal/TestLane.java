package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.ExchangeReport;

/** A lane of one event loop, read at once: what is told of an exchange goes through all of its bytes. One thread. */
public final class TestLane {

    private final Lane withMoney = new Lane(4 * Lane.LONGEST, new Wanted(true, true));
    private final Lane withoutMoney = new Lane(4 * Lane.LONGEST, new Wanted(true, false));
    private final Entry entry = new Entry();

    /** Tells {@code reader} of {@code exchange}. */
    public void tell(ExchangeReport exchange, JournalReader reader) {
        Lane lane = reader.wantsMoney() ? withMoney : withoutMoney;
        lane.add(exchange);
        while (lane.readable() > 0) {
            lane.next(entry);
            reader.exchange(entry);
        }
        lane.release();
    }
}
