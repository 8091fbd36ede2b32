package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.TokenSource;
import io.netty.buffer.ByteBuf;
import java.util.function.BooleanSupplier;

/**
 * The token count of one body, known as far as somebody asked. One thread at a time.
 *
 * <p>Counting costs nothing until {@link #countPast}; a second call with a higher limit goes on where the first stopped.
 */
final class BodyTokens implements TokenSource {

    private final Operation operation;
    private final String model;
    private final ByteBuf body;
    private final BooleanSupplier cancelled;
    private Tally tally;
    private long low;
    private long high;

    /**
     * Borrows {@code body} for its own life.
     *
     * @param cancelled when true, {@link #countPast} ends with a {@link java.util.concurrent.CancellationException}
     */
    BodyTokens(Operation operation, String model, ByteBuf body, BooleanSupplier cancelled) {
        this.operation = operation;
        this.model = model;
        this.body = body;
        this.cancelled = cancelled;
        this.high = body.readableBytes();
    }

    @Override
    public long low() {
        return low;
    }

    @Override
    public long high() {
        return high;
    }

    @Override
    public boolean countPast(long limit) {
        if (low > limit || low == high) {
            return true;
        }
        tally = tally == null ? TokenCounter.tally(model, limit, cancelled) : tally.resume(limit);
        TokenCounter.walk(operation, body, tally);
        low = tally.count();
        if (!tally.settled()) {
            high = low;
        }
        return true;
    }

    @Override
    public boolean counted() {
        return tally != null;
    }

    @Override
    public String encoding() {
        return Encodings.nameFor(model).toString();
    }
}
