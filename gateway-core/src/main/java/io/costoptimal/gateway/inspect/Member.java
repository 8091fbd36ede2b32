package io.costoptimal.gateway.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The members the gateway reads, and those that change what a request asks for without being read: {@code n} multiplies its
 * cost, {@code models} and {@code fallbacks} name further models to some providers.
 *
 * <p>None may appear twice: whoever decides by the first and whoever answers by the last would read two different requests.
 * For the same reason none may be spelled in another case: some readers do not tell {@code Model} from {@code model}.
 */
enum Member {
    MODEL,
    STREAM,
    STREAM_OPTIONS,
    MAX_TOKENS,
    MAX_COMPLETION_TOKENS,
    MAX_OUTPUT_TOKENS,
    N,
    MODELS,
    FALLBACKS,
    /** Stands in {@code stream_options}; all others stand in the body's own object. */
    INCLUDE_USAGE;

    /** Bytes of the longest name. */
    static final int LONGEST = MAX_COMPLETION_TOKENS.key.length();

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
     * The member that some reader could take {@code length} bytes of ASCII from {@code from} for; {@code null} when none
     * would. {@link #isSpelled} says whether the bytes are its very name.
     *
     * @param inOptions whether the name stands in {@code stream_options}
     */
    static Member of(byte[] name, int from, int length, boolean inOptions) {
        for (Member member : ALL) {
            if (member.bytes.length == length
                    && member == INCLUDE_USAGE == inOptions
                    && member.equalsIgnoringCase(name, from)) {
                return member;
            }
        }
        return null;
    }

    private boolean equalsIgnoringCase(byte[] name, int from) {
        for (int i = 0; i < bytes.length; i++) {
            byte b = name[from + i];
            if ((b >= 'A' && b <= 'Z' ? b | 0x20 : b) != bytes[i]) {
                return false;
            }
        }
        return true;
    }

    /** Whether the bytes from {@code from} are this name, in its own case. As many as it has must be there. */
    boolean isSpelled(byte[] name, int from) {
        return Arrays.equals(bytes, 0, bytes.length, name, from, from + bytes.length);
    }
}
