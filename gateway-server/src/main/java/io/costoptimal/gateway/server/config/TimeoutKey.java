package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Timeouts;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/**
 * The keys of {@code timeouts}: one for every component of {@link Timeouts}, the default of the providers' own
 * {@code timeout}, and the grace of a drain.
 */
enum TimeoutKey {
    HEAD("head", Timeouts.DEFAULTS.client().head(), "First byte of a request head to its last."),
    BODY_IDLE("body_idle", Timeouts.DEFAULTS.client().bodyIdle(), "Between two reads of a request body."),
    KEEP_ALIVE(
            "keep_alive",
            Timeouts.DEFAULTS.client().keepAlive(),
            "End of an answer to the first byte of the next request."),
    WRITE_STALL("write_stall", Timeouts.DEFAULTS.client().writeStall(), "A client takes nothing of its answer."),
    LINGER("linger", Timeouts.DEFAULTS.client().linger(), "Reading on after a refusal."),
    CONNECT(
            "connect",
            Timeouts.DEFAULTS.upstream().connect(),
            "Name resolution, connection and TLS handshake together."),
    STREAM_IDLE(
            "stream_idle",
            Timeouts.DEFAULTS.upstream().streamIdle(),
            "Between two reads of an answer, while the client keeps up."),
    /** Off unless asked for: the one thing that is added to a body. */
    SSE_KEEP_ALIVE(
            new Range("sse_keep_alive", Unit.MILLIS, 0, 0, Duration.ofHours(24).toMillis()),
            "Silence of an event stream after which its client is sent a comment line; 0 for never."),
    LEASE(
            "lease",
            Timeouts.DEFAULTS.pool().lease(),
            "Waiting for a connection when limits.upstream_connections are open."),
    UPSTREAM_IDLE("upstream_idle", Timeouts.DEFAULTS.pool().idle(), "An unused connection to a provider."),
    UPSTREAM_MAX_LIFE(
            "upstream_max_life", Timeouts.DEFAULTS.pool().maxLife(), "Any connection to a provider since it was made."),
    /** An answer that is not streamed begins when the model has finished it, hence minutes. */
    FIRST_BYTE(
            "first_byte",
            Duration.ofSeconds(300),
            "Last byte of a request to the first of its answer, for providers without a timeout."),
    EXCHANGE("exchange", Timeouts.DEFAULTS.exchange().total(), "A whole exchange, whatever happens meanwhile."),
    COUNTING("counting", Timeouts.DEFAULTS.exchange().counting(), "Waiting for the tokens of a request."),
    DRAIN_DELAY(
            new Range("drain_delay", Unit.MILLIS, 0, 0, Duration.ofHours(1).toMillis()),
            "SIGTERM to the start of the drain; meanwhile readyz says 503 and everything is served."),
    DRAIN("drain", Duration.ofSeconds(30), "Start of the drain to the end of exchanges that still run.");

    private final Range range;
    private final String meaning;

    TimeoutKey(String key, Duration standard, String meaning) {
        this(Range.timer(key, standard), meaning);
    }

    TimeoutKey(Range range, String meaning) {
        this.range = range;
        this.meaning = meaning;
    }

    /** This key as a row of {@link Format}. */
    Setting setting() {
        return Setting.of(range, meaning);
    }

    Range range() {
        return range;
    }

    /** Reads the section {@code timeouts}. */
    static Map<TimeoutKey, Duration> read(Section section) {
        Map<TimeoutKey, Duration> timers = new EnumMap<>(TimeoutKey.class);
        for (TimeoutKey key : values()) {
            timers.put(key, Duration.ofMillis(section.number(key.range)));
        }
        return timers;
    }

    /** The timers that the engine keeps. */
    static Timeouts engine(Map<TimeoutKey, Duration> timers) {
        return new Timeouts(
                new Timeouts.Client(
                        timers.get(HEAD),
                        timers.get(BODY_IDLE),
                        timers.get(KEEP_ALIVE),
                        timers.get(WRITE_STALL),
                        timers.get(LINGER)),
                new Timeouts.Upstream(timers.get(CONNECT), timers.get(STREAM_IDLE), timers.get(SSE_KEEP_ALIVE)),
                new Timeouts.Pool(timers.get(LEASE), timers.get(UPSTREAM_IDLE), timers.get(UPSTREAM_MAX_LIFE)),
                new Timeouts.Exchange(timers.get(EXCHANGE), timers.get(COUNTING)));
    }
}
