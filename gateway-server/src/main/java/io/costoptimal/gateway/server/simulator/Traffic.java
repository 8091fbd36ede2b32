package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.FullHttpRequest;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What went through: counts, and the last requests if they are wanted. Any thread. */
final class Traffic {

    private final int remembered;
    private final Deque<SeenRequest> seen = new ArrayDeque<>();
    private final LongAdder requests = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder cancelled = new LongAdder();

    Traffic(int remembered) {
        this.remembered = remembered;
    }

    /** Borrows {@code request}. */
    void arrived(FullHttpRequest request) {
        requests.increment();
        if (remembered == 0) {
            return;
        }
        SeenRequest copy = new SeenRequest(
                request.method().name(),
                request.uri(),
                List.copyOf(request.headers().entries()),
                ByteBufUtil.getBytes(request.content()));
        synchronized (seen) {
            if (seen.size() == remembered) {
                seen.removeFirst();
            }
            seen.addLast(copy);
        }
    }

    void answered() {
        answered.increment();
    }

    void cancelled() {
        cancelled.increment();
    }

    List<SeenRequest> seen() {
        synchronized (seen) {
            return List.copyOf(seen);
        }
    }

    SimulatedProvider.Counts counts() {
        return new SimulatedProvider.Counts(requests.sum(), answered.sum(), cancelled.sum());
    }
}
