package io.costoptimal.gateway.exchange;

/** A count that was not counted. Immutable. */
record AssumedTokens(long count) implements TokenSource {

    @Override
    public long low() {
        return count;
    }

    @Override
    public long high() {
        return count;
    }

    @Override
    public boolean countPast(long limit) {
        return false;
    }

    @Override
    public boolean counted() {
        return false;
    }

    @Override
    public boolean assumed() {
        return true;
    }
}
