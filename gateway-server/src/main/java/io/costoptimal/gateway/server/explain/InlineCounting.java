package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.tokens.CountingPool;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.function.BooleanSupplier;

/** Counts where it is asked, because here nobody waits but the caller; and counts once more to the end. One thread. */
final class InlineCounting implements TokenCounting {

    /** What {@link #exact} says of a request whose tokens nobody asked for. */
    static final long NOT_COUNTED = -1;

    private final CountingPool pool;
    private long exact = NOT_COUNTED;

    InlineCounting(CountingPool pool) {
        this.pool = pool;
    }

    @Override
    public TokenSource source(Operation operation, String model, ByteBuf body, BooleanSupplier cancelled) {
        // Rules count no further than they need, people want to know the number.
        ByteBuf copy = Unpooled.wrappedBuffer(ByteBufUtil.getBytes(body));
        TokenSource whole = pool.source(operation, model, copy, () -> false);
        exact = whole.countPast(Long.MAX_VALUE) ? whole.low() : NOT_COUNTED;
        return pool.source(operation, model, body, cancelled);
    }

    /** All tokens of the request whose source was asked for last. */
    long exact() {
        return exact;
    }

    @Override
    public void execute(Runnable job) {
        job.run();
    }

    @Override
    public boolean remove(Runnable job) {
        return false;
    }
}
