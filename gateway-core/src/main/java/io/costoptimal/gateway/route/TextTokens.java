package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.TokenSource;

/**
 * The tokens of a body's text, where the bound of another source counts encoded images and files as well. As that source,
 * one thread at a time.
 *
 * @param source counts text only, but has a bound that is more
 * @param mostText the most bytes of text there are
 */
record TextTokens(TokenSource source, long mostText) implements TokenSource {

    @Override
    public long low() {
        return source.low();
    }

    @Override
    public long high() {
        return Math.max(source.low(), Math.min(source.high(), mostText));
    }

    @Override
    public boolean countPast(long limit) {
        return source.countPast(limit);
    }

    @Override
    public boolean counted() {
        return source.counted();
    }

    @Override
    public String encoding() {
        return source.encoding();
    }
}
