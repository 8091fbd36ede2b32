package io.costoptimal.gateway.exchange;

/**
 * Names in JSON as 64-bit hashes, so that a name may arrive in any number of pieces and is never stored. A name written
 * with escapes does not match; no provider writes one.
 *
 * <p>Hashed are the name and the quote behind it, in words of eight bytes, the first byte lowest, the last word filled up
 * with zeros: a name that lies in one piece takes one step for eight bytes.
 */
public final class NameHash {

    /** The hash before the first word. */
    public static final long EMPTY = 0xcbf29ce484222325L;

    private static final long PRIME = 0x9e3779b97f4a7c15L;

    private NameHash() {}

    /** The hash of {@code name}, whose characters are ASCII. */
    public static long of(String name) {
        long hash = EMPTY;
        long word = 0;
        for (int i = 0; i <= name.length(); i++) {
            long c = i < name.length() ? name.charAt(i) : '"';
            word |= c << 8 * (i & 7);
            if ((i & 7) == 7 || i == name.length()) {
                hash = add(hash, word);
                word = 0;
            }
        }
        return hash;
    }

    /** The hash of a name that is longer by one word. */
    public static long add(long hash, long word) {
        long product = (hash ^ word) * PRIME;
        return product ^ product >>> 32;
    }
}
