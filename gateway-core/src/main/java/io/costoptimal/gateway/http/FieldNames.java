package io.costoptimal.gateway.http;

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

    /** By their length too: a bit for the low bits of each first letter, which are the same in both cases. */
    private final int[] starts;

    private FieldNames(Collection<? extends CharSequence> names) {
        int longest = names.stream().mapToInt(CharSequence::length).max().orElse(-1);
        byLength = new AsciiString[longest + 1][];
        starts = new int[longest + 1];
        for (CharSequence name : names) {
            if (!name.isEmpty()) {
                starts[name.length()] |= start((byte) name.charAt(0));
            }
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

    /** Returns a set with these and {@code more}. */
    public FieldNames with(FieldNames more) {
        List<String> names = new ArrayList<>();
        for (AsciiString[] same : more.byLength) {
            if (same != null) {
                List.of(same).forEach(name -> names.add(name.toString()));
            }
        }
        return with(names.toArray(new String[0]));
    }

    /** Whether {@code name} is one of these. */
    public boolean contains(CharSequence name) {
        int length = name.length();
        if (!mayHold(name, length)) {
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
     * Whether {@code name} is one of these to a server that takes {@code _} in a name for {@code -}, as CGI does (RFC 3875,
     * 4.1.18).
     */
    public boolean covers(CharSequence name) {
        int length = name.length();
        if (!mayHold(name, length)) {
            return false;
        }
        for (AsciiString own : byLength[length]) {
            int i = 0;
            while (i < length && same(own.charAt(i), name.charAt(i))) {
                i++;
            }
            if (i == length) {
                return true;
            }
        }
        return false;
    }

    /** Length and first letter tell nearly every name from all of these. */
    private boolean mayHold(CharSequence name, int length) {
        return length < starts.length && length > 0 && (starts[length] & start((byte) name.charAt(0))) != 0;
    }

    /** Whether one of these begins with {@code prefix}, {@code _} again being {@code -}. */
    public boolean anyBeginsWith(CharSequence prefix) {
        for (AsciiString[] same : byLength) {
            for (AsciiString own : same == null ? new AsciiString[0] : same) {
                int i = 0;
                while (i < Math.min(own.length(), prefix.length()) && same(own.charAt(i), prefix.charAt(i))) {
                    i++;
                }
                if (i == prefix.length()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Whether {@code c} stands for {@code lowerCase}, being it, its upper case, or {@code _} for {@code -}. */
    public static boolean same(char lowerCase, char c) {
        return c == lowerCase || (c >= 'A' && c <= 'Z' ? c + ('a' - 'A') == lowerCase : c == '_' && lowerCase == '-');
    }

    /**
     * Whether the bytes of a head spell one of these.
     *
     * @param head borrowed
     * @param index of the name's first byte
     * @param length of the name
     */
    public boolean contains(byte[] head, int index, int length) {
        if (length >= starts.length || (starts[length] & start(head[index])) == 0) {
            return false;
        }
        for (AsciiString own : byLength[length]) {
            if (spells(own, head, index)) {
                return true;
            }
        }
        return false;
    }

    private static int start(byte letter) {
        return 1 << (letter & 31);
    }

    private static boolean spells(AsciiString lowerCase, byte[] head, int index) {
        for (int i = 0; i < lowerCase.length(); i++) {
            byte b = head[index + i];
            if (lowerCase.byteAt(i) != (b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b)) {
                return false;
            }
        }
        return true;
    }
}
