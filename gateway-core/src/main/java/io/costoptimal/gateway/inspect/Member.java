package io.costoptimal.gateway.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The members the gateway reads, and {@code n}, which multiplies what a request costs. None may appear twice: whoever
 * decides by the first and whoever answers by the last would read two different requests.
 */
enum Member {
    MODEL,
    STREAM,
    STREAM_OPTIONS,
    MAX_TOKENS,
    MAX_COMPLETION_TOKENS,
    MAX_OUTPUT_TOKENS,
    N,
    /** Stands in {@code stream_options}; all others stand in the body's own object. */
    INCLUDE_USAGE;

    private static final Member[] ALL = values();

    private final String key = name().toLowerCase(Locale.ROOT);
    private final byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);

    /** The name as it stands in a body. */
    String key() {
        return key;
    }

    /** One bit, to remember having seen it. */
    int bit() {
        return 1 << ordinal();
    }

    boolean limitsTokens() {
        return this == MAX_TOKENS || this == MAX_COMPLETION_TOKENS || this == MAX_OUTPUT_TOKENS;
    }

    /**
     * The member called by {@code length} bytes from {@code from}, or {@code null}.
     *
     * @param inOptions whether the name stands in {@code stream_options}
     */
    static Member of(byte[] name, int from, int length, boolean inOptions) {
        for (Member member : ALL) {
            byte[] bytes = member.bytes;
            if (bytes.length == length
                    && member == INCLUDE_USAGE == inOptions
                    && Arrays.equals(bytes, 0, length, name, from, from + length)) {
                return member;
            }
        }
        return null;
    }
}
