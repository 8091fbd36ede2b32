package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Usage;

/**
 * So many nano-dollars for each token of uncached input and of output, and 5 for a request that was answered.
 *
 * @param maxOutput -1 when not known
 */
public record PerToken(long nanos, long maxOutput, String version) implements Price {

    public PerToken(long nanos, long maxOutput) {
        this(nanos, maxOutput, "per token " + nanos);
    }

    @Override
    public long cost(Usage usage, boolean answered) {
        long tokens = Math.max(0, usage.input().uncached())
                + Math.max(0, usage.output().tokens());
        return nanos * tokens + (answered ? 5 : 0);
    }

    @Override
    public boolean partial(Usage usage) {
        return usage.input().audio() > 0;
    }

    @Override
    public String model() {
        return null;
    }

    @Override
    public long contextWindow() {
        return -1;
    }

    @Override
    public long inputPrice() {
        return 1_000_000 * nanos;
    }

    @Override
    public long outputPrice() {
        return 1_000_000 * nanos;
    }
}
