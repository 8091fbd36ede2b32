package io.costoptimal.gateway.exchange;

import java.time.Duration;

/**
 * Every deadline the engine keeps. Immutable; names and defaults are listed in docs/configuration.md. The wait for the
 * first response byte is each provider's own, {@link Provider#firstByteTimeout()}.
 *
 * @param client what clients must keep up with
 * @param upstream what providers must keep up with
 * @param pool when connections to providers are given up
 * @param exchange what one exchange may take
 */
public record Timeouts(Client client, Upstream upstream, Pool pool, Exchange exchange) {

    /** The documented defaults. */
    public static final Timeouts DEFAULTS = new Timeouts(
            new Client(seconds(10), seconds(30), seconds(75), seconds(60), seconds(2)),
            new Upstream(seconds(5), seconds(300)),
            new Pool(seconds(2), seconds(50), seconds(600)),
            new Exchange(seconds(3600), seconds(10)));

    /** These, and the documented defaults for what one exchange may take. */
    public Timeouts(Client client, Upstream upstream, Pool pool) {
        this(client, upstream, pool, DEFAULTS.exchange());
    }

    /**
     * Clients.
     *
     * @param head from the first byte of a head to its end, in total; then 408
     * @param bodyIdle between two reads of a body; then 408
     * @param keepAlive from the end of an answer to the next byte; then the connection is closed
     * @param writeStall unwritable without progress; then the exchange is aborted
     * @param linger reading on after a refusal; then the connection is reset
     */
    public record Client(Duration head, Duration bodyIdle, Duration keepAlive, Duration writeStall, Duration linger) {}

    /**
     * Providers.
     *
     * @param connect name resolution, connect and TLS handshake together; then a failed attempt
     * @param streamIdle between two reads of an answer, not counting time the client is unwritable; then truncation
     * @param comment silence of an event stream after which its client is sent a comment, again and again; zero for never
     */
    public record Upstream(Duration connect, Duration streamIdle, Duration comment) {

        /** Without comments in event streams. */
        public Upstream(Duration connect, Duration streamIdle) {
            this(connect, streamIdle, Duration.ZERO);
        }
    }

    /**
     * Pooled connections.
     *
     * @param lease waiting for a connection when a provider's limit is reached; then 503
     * @param idle unused; then closed
     * @param maxLife since connect; then closed at the next release
     */
    public record Pool(Duration lease, Duration idle, Duration maxLife) {}

    /**
     * One exchange.
     *
     * @param total from its head to the last byte of its answer, whatever happens meanwhile; then 504, or the answer is broken
     *     off
     * @param counting waiting for its tokens to be counted; then rules are decided as if the count were its upper bound
     */
    public record Exchange(Duration total, Duration counting) {}

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }
}
