package io.costoptimal.gateway.account;

/**
 * Member names as 64-bit hashes (FNV-1a), so that a name may arrive in any number of pieces and is never stored. A name
 * written with escapes does not match; no provider writes one.
 */
final class Name {

    static final long EMPTY = 0xcbf29ce484222325L;
    private static final long PRIME = 0x100000001b3L;

    private Name() {}

    static long of(String name) {
        long hash = EMPTY;
        for (int i = 0; i < name.length(); i++) {
            hash = add(hash, (byte) name.charAt(i));
        }
        return hash;
    }

    /** The hash of a name that is longer by one byte. */
    static long add(long hash, byte b) {
        return (hash ^ (b & 0xff)) * PRIME;
    }
}
