package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.TokenSource;

/**
 * The token count of one body, known as far as somebody asked. One thread at a time.
 *
 * <p>Counting costs nothing until {@link #countPast}; a second call with a higher limit goes on where the first stopped.
 */
final class BodyTokens implements TokenSource {

    private final Endpoint endpoint;
    private final String model;
    private final byte[] body;
    private Tally tally;
    private long low;
    private long high;

    /** Borrows {@code body} for its own life. */
    BodyTokens(Endpoint endpoint, String model, byte[] body) {
        this.endpoint = endpoint;
        this.model = model;
        this.body = body;
        this.high = body.length;
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
        tally = tally == null ? TokenCounter.tally(model, limit) : tally.resume(limit);
        TokenCounter.walk(endpoint, body, tally);
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
}
