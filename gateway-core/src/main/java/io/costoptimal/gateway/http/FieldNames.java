package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/** A set of header field names, asked without allocating; case does not matter. Immutable, any thread. */
public final class FieldNames {

    /** Holds nothing. */
    public static final FieldNames NONE = new FieldNames(List.of());

    /** Names by their length, which alone tells most names apart. */
    private final AsciiString[][] byLength;

    private FieldNames(Collection<? extends CharSequence> names) {
        int longest = names.stream().mapToInt(CharSequence::length).max().orElse(-1);
        byLength = new AsciiString[longest + 1][];
        for (CharSequence name : names) {
            AsciiString[] same = byLength[name.length()];
            same = same == null ? new AsciiString[1] : Arrays.copyOf(same, same.length + 1);
            same[same.length - 1] = AsciiString.of(name).toLowerCase();
            byLength[name.length()] = same;
        }
    }

    public static FieldNames of(String... names) {
        return new FieldNames(List.of(names));
    }

    public static FieldNames of(Collection<? extends CharSequence> names) {
        return names.isEmpty() ? NONE : new FieldNames(names);
    }

    /** Returns a set with these and {@code more}. */
    public FieldNames with(String... more) {
        List<CharSequence> all = new ArrayList<>(List.of(more));
        for (AsciiString[] same : byLength) {
            if (same != null) {
                all.addAll(List.of(same));
            }
        }
        return new FieldNames(all);
    }

    /** Whether {@code name} is one of these. */
    public boolean contains(CharSequence name) {
        int length = name.length();
        if (length >= byLength.length || byLength[length] == null) {
            return false;
        }
        for (AsciiString own : byLength[length]) {
            if (own.contentEqualsIgnoreCase(name)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether the bytes of a head spell one of these.
     *
     * @param buf borrowed
     * @param index absolute index of the name's first byte
     * @param length of the name
     */
    public boolean contains(ByteBuf buf, int index, int length) {
        if (length >= byLength.length || byLength[length] == null) {
            return false;
        }
        for (AsciiString own : byLength[length]) {
            if (spells(own, buf, index)) {
                return true;
            }
        }
        return false;
    }

    private static boolean spells(AsciiString lowerCase, ByteBuf buf, int index) {
        for (int i = 0; i < lowerCase.length(); i++) {
            byte b = buf.getByte(index + i);
            if (lowerCase.byteAt(i) != (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b)) {
                return false;
            }
        }
        return true;
    }
}
