package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Limits;
import java.util.EnumMap;
import java.util.Map;

/** The keys of {@code limits}: one for every component of {@link Limits}. */
enum LimitKey {
    REQUEST_LINE("request_line", Unit.BYTES, Limits.DEFAULTS.head().line(), 512, kb(64)),
    HEADER_BYTES("header_bytes", Unit.BYTES, Limits.DEFAULTS.head().bytes(), kb(1), kb(1024)),
    HEADER_COUNT("header_count", Unit.COUNT, Limits.DEFAULTS.head().count(), 8, 10_000),
    BODY("body", Unit.BYTES, Limits.DEFAULTS.body().bytes(), kb(1), mb(1024)),
    HELD_BODIES("held_bodies", Unit.BYTES, Limits.DEFAULTS.body().heldBytes(), kb(1), mb(64 * 1024)),
    JSON_DEPTH("json_depth", Unit.COUNT, Limits.DEFAULTS.body().jsonDepth(), 8, 1_000),
    CLIENT_CONNECTIONS(
            "client_connections", Unit.COUNT, Limits.DEFAULTS.client().connections(), 1, 1_000_000),
    LINGER_BYTES("linger_bytes", Unit.BYTES, Limits.DEFAULTS.client().lingerBytes(), kb(1), mb(64)),
    UPSTREAM_CONNECTIONS(
            "upstream_connections", Unit.COUNT, Limits.DEFAULTS.upstream().connections(), 1, 100_000),
    IDLE_CONNECTIONS("idle_connections", Unit.COUNT, Limits.DEFAULTS.upstream().idle(), 1, 100_000),
    RESPONSE_HEAD("response_head", Unit.BYTES, Limits.DEFAULTS.upstream().headBytes(), kb(1), kb(1024));

    private final Range range;

    LimitKey(String key, Unit unit, long standard, long min, long max) {
        range = new Range(key, unit, standard, min, max);
    }

    Range range() {
        return range;
    }

    /** Reads the section {@code limits}. */
    static Limits read(Section section) {
        Map<LimitKey, Integer> n = new EnumMap<>(LimitKey.class);
        for (LimitKey key : values()) {
            if (key != HELD_BODIES) {
                n.put(key, Math.toIntExact(section.number(key.range)));
            }
        }
        long held = section.number(HELD_BODIES.range);
        section.value(HELD_BODIES.range.key())
                .filter(value -> held < n.get(BODY))
                .ifPresent(value -> value.expected("at least limits.body, " + Unit.BYTES.show(n.get(BODY))));
        return new Limits(
                new Limits.Head(n.get(REQUEST_LINE), n.get(HEADER_BYTES), n.get(HEADER_COUNT)),
                new Limits.Body(n.get(BODY), Math.max(held, n.get(BODY)), n.get(JSON_DEPTH)),
                new Limits.Client(n.get(CLIENT_CONNECTIONS), n.get(LINGER_BYTES)),
                new Limits.Upstream(n.get(UPSTREAM_CONNECTIONS), n.get(IDLE_CONNECTIONS), n.get(RESPONSE_HEAD)));
    }

    private static long kb(long n) {
        return n << 10;
    }

    private static long mb(long n) {
        return n << 20;
    }
}
