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
    HEAD("head", Timeouts.DEFAULTS.client().head()),
    BODY_IDLE("body_idle", Timeouts.DEFAULTS.client().bodyIdle()),
    KEEP_ALIVE("keep_alive", Timeouts.DEFAULTS.client().keepAlive()),
    WRITE_STALL("write_stall", Timeouts.DEFAULTS.client().writeStall()),
    LINGER("linger", Timeouts.DEFAULTS.client().linger()),
    CONNECT("connect", Timeouts.DEFAULTS.upstream().connect()),
    STREAM_IDLE("stream_idle", Timeouts.DEFAULTS.upstream().streamIdle()),
    LEASE("lease", Timeouts.DEFAULTS.pool().lease()),
    UPSTREAM_IDLE("upstream_idle", Timeouts.DEFAULTS.pool().idle()),
    UPSTREAM_MAX_LIFE("upstream_max_life", Timeouts.DEFAULTS.pool().maxLife()),
    /** An answer that is not streamed begins when the model has finished it, hence minutes. */
    FIRST_BYTE("first_byte", Duration.ofSeconds(300)),
    DRAIN("drain", Duration.ofSeconds(30));

    private final Range range;

    TimeoutKey(String key, Duration standard) {
        range = Range.timer(key, standard);
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
                new Timeouts.Upstream(timers.get(CONNECT), timers.get(STREAM_IDLE)),
                new Timeouts.Pool(timers.get(LEASE), timers.get(UPSTREAM_IDLE), timers.get(UPSTREAM_MAX_LIFE)));
    }
}
