package io.costoptimal.gateway.exchange;

/** A source that knows only what it was told. Immutable. */
record TokenBounds(long low, long high) implements TokenSource {

    TokenBounds {
        if (low < 0 || high < low) {
            throw new IllegalArgumentException("token bounds: " + low + ".." + high + " (expected: 0 <= low <= high)");
        }
    }

    @Override
    public boolean countPast(long limit) {
        return false;
    }

    @Override
    public boolean counted() {
        return false;
    }
}
