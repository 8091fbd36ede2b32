package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** What went through: counts, and the last requests if they are wanted. Any thread. */
final class Traffic {

    private final int remembered;
    private final Deque<Sale> sales = new ArrayDeque<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder cancelled = new LongAdder();

    Traffic(int remembered) {
        this.remembered = remembered;
    }

    /** Borrows {@code request}; returns what is to be told of its answer. */
    Sale arrived(FullHttpRequest request) {
        requests.increment();
        if (remembered == 0) {
            return new Sale(null);
        }
        SeenRequest copy = new SeenRequest(
                request.method().name(),
                request.uri(),
                List.copyOf(request.headers().entries()),
                ByteBufUtil.getBytes(request.content()));
        Sale sale = new Sale(copy);
        synchronized (sales) {
            if (sales.size() == remembered) {
                sales.removeFirst();
            }
            sales.addLast(sale);
        }
        return sale;
    }

    void answered() {
        answered.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    List<SeenRequest> seen() {
        synchronized (sales) {
            return sales.stream().map(Sale::request).toList();
        }
    }

    List<Sold> books() {
        synchronized (sales) {
            return sales.stream().map(Sale::sold).filter(Objects::nonNull).toList();
        }
    }

    SimulatedProvider.Counts counts() {
        return new SimulatedProvider.Counts(requests.sum(), answered.sum(), cancelled.sum());
    }
}
