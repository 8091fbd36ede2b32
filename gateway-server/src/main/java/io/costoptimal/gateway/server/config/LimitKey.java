package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Limits;
import java.util.EnumMap;
import java.util.Map;

/** The keys of {@code limits}: one for every component of {@link Limits}. */
enum LimitKey {
    REQUEST_LINE(
            new Range("request_line", Unit.BYTES, Limits.DEFAULTS.head().line(), 512, kb(64)),
            "The request line of a client; longer is answered 414."),
    HEADER_BYTES(
            new Range("header_bytes", Unit.BYTES, Limits.DEFAULTS.head().bytes(), kb(1), kb(1024)),
            "All header fields of a request; more is answered 431."),
    HEADER_COUNT(
            new Range("header_count", Unit.COUNT, Limits.DEFAULTS.head().count(), 8, 10_000),
            "Number of header fields of a request; more is answered 431."),
    UNFINISHED_HEADS(
            new Range("unfinished_heads", Unit.BYTES, Limits.DEFAULTS.head().unfinishedBytes(), kb(64), mb(1024)),
            "All request heads of which a part has come; more is answered 503."),
    BODY(
            new Range("body", Unit.BYTES, Limits.DEFAULTS.body().bytes(), kb(1), mb(1024)),
            "One request body; more is answered 413."),
    HELD_BODIES(
            new Range("held_bodies", Unit.BYTES, Limits.DEFAULTS.body().heldBytes(), kb(1), mb(64 * 1024)),
            "All request bodies held at one time, at least limits.body; more is answered 503."),
    UPLOAD(
            new Range("upload", Unit.BYTES, Limits.DEFAULTS.body().upload().bytes(), kb(1), mb(64 * 1024)),
            "One form or file, which is sent on while it arrives; more is answered 413."),
    UPLOAD_WINDOW(
            new Range(
                    "upload_window", Unit.BYTES, Limits.DEFAULTS.body().upload().windowBytes(), kb(64), mb(64)),
            "Held of the beginning of one upload, so that another candidate can be asked."),
    JSON_DEPTH(
            new Range("json_depth", Unit.COUNT, Limits.DEFAULTS.body().jsonDepth(), 8, 1_000),
            "Nesting of a request body; deeper is answered 400."),
    CLIENT_CONNECTIONS(
            new Range("client_connections", Unit.COUNT, Limits.DEFAULTS.client().connections(), 1, 1_000_000),
            "Client connections open at one time; more are closed when accepted."),
    LINGER_BYTES(
            new Range("linger_bytes", Unit.BYTES, Limits.DEFAULTS.client().lingerBytes(), kb(1), mb(64)),
            "Read and dropped after a refusal, so that a client still sending can read it."),
    TLS_HANDSHAKES(
            new Range("tls_handshakes", Unit.COUNT, Limits.DEFAULTS.client().handshakes(), 1, 1_000_000),
            "TLS handshakes that go on at one time; the connections of others are closed."),
    UPSTREAM_CONNECTIONS(
            new Range(
                    "upstream_connections",
                    Unit.COUNT,
                    Limits.DEFAULTS.upstream().connections(),
                    1,
                    100_000),
            "Connections of one event loop to one provider; more wait for timeouts.lease."),
    IDLE_CONNECTIONS(
            new Range("idle_connections", Unit.COUNT, Limits.DEFAULTS.upstream().idle(), 1, 100_000),
            "Unused connections that one event loop keeps to one provider."),
    RESPONSE_HEAD(
            new Range("response_head", Unit.BYTES, Limits.DEFAULTS.upstream().headBytes(), kb(1), kb(1024)),
            "Head of a provider's answer; longer is a failed attempt."),
    KEPT_ANSWERS(
            new Range("kept_answers", Unit.BYTES, Limits.DEFAULTS.upstream().keptBytes(), kb(64), mb(1024)),
            "All error answers kept while other candidates are tried; more are not kept.");

    private final Range range;
    private final String meaning;

    LimitKey(Range range, String meaning) {
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

    /** Reads the section {@code limits}. */
    static Limits read(Section section) {
        Map<LimitKey, Integer> n = new EnumMap<>(LimitKey.class);
        for (LimitKey key : values()) {
            if (key != HELD_BODIES && key != UPLOAD) {
                n.put(key, Math.toIntExact(section.number(key.range)));
            }
        }
        long held = section.number(HELD_BODIES.range);
        Limits.Upload upload = new Limits.Upload(section.number(UPLOAD.range), n.get(UPLOAD_WINDOW));
        section.value(HELD_BODIES.range.key())
                .filter(value -> held < n.get(BODY))
                .ifPresent(value -> value.expected("at least limits.body, " + Unit.BYTES.show(n.get(BODY))));
        return new Limits(
                new Limits.Head(n.get(REQUEST_LINE), n.get(HEADER_BYTES), n.get(HEADER_COUNT), n.get(UNFINISHED_HEADS)),
                new Limits.Body(n.get(BODY), Math.max(held, n.get(BODY)), n.get(JSON_DEPTH), upload),
                new Limits.Client(n.get(CLIENT_CONNECTIONS), n.get(LINGER_BYTES), n.get(TLS_HANDSHAKES)),
                new Limits.Upstream(
                        n.get(UPSTREAM_CONNECTIONS),
                        n.get(IDLE_CONNECTIONS),
                        n.get(RESPONSE_HEAD),
                        n.get(KEPT_ANSWERS)));
    }

    private static long kb(long n) {
        return n << 10;
    }

    private static long mb(long n) {
        return n << 20;
    }
}
