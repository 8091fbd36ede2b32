package io.costoptimal.gateway.inspect;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * The members the gateway reads, and those that change what a request asks for without being read: {@code n} multiplies its
 * cost, and by {@link #ALTERNATIVES} some providers choose another model than {@code model}.
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
    /** OpenRouter, as {@link #ROUTE} and {@link #PRESET}. */
    MODELS,
    /** LiteLLM and others. */
    FALLBACKS,
    ROUTE,
    PRESET,
    /** LiteLLM, as the two below. */
    CONTEXT_WINDOW_FALLBACKS,
    CONTEXT_WINDOW_FALLBACK_DICT,
    CONTENT_POLICY_FALLBACKS,
    /** Stands in {@code stream_options}; all others stand in the body's own object. */
    INCLUDE_USAGE;

    /** Bytes of the longest name. */
    static final int LONGEST = CONTEXT_WINDOW_FALLBACK_DICT.bytes.length;

    /** By the length of their names, which alone tells most names from all of these. */
    private static final Member[][] BY_LENGTH = byLength();

    /** The {@linkplain #bit bits} of the members that name, or let the provider choose, another model. */
    static final int ALTERNATIVES = MODELS.bit()
            | FALLBACKS.bit()
            | ROUTE.bit()
            | PRESET.bit()
            | CONTEXT_WINDOW_FALLBACKS.bit()
            | CONTEXT_WINDOW_FALLBACK_DICT.bit()
            | CONTENT_POLICY_FALLBACKS.bit();

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
        if (length > LONGEST) {
            return null;
        }
        for (Member member : BY_LENGTH[length]) {
            if (member == INCLUDE_USAGE == inOptions && member.equalsIgnoringCase(name, from)) {
                return member;
            }
        }
        return null;
    }

    private static Member[][] byLength() {
        Member[][] sorted = new Member[LONGEST + 1][];
        for (int i = 0; i < sorted.length; i++) {
            int length = i;
            sorted[i] = Arrays.stream(values())
                    .filter(member -> member.bytes.length == length)
                    .toArray(Member[]::new);
        }
        return sorted;
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
