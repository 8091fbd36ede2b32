package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.ClientCertificate;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Principal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;

/**
 * Keys by the SHA-256 of their text, in an open-addressed table of digests. Immutable, any thread.
 *
 * <p>A wrong key is told from a right one by its digest alone: how long a look-up takes depends on bits that nobody can
 * choose without breaking SHA-256, and nothing of a key is compared. Since what is presented is hashed, presenting a
 * stored hash opens nothing.
 */
public final class KeyRing implements Keys {

    private static final int WORDS = Sha256.BYTES / Long.BYTES;
    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final long[] digests;
    private final Principal[] owners;
    private final int mask;
    /** Who may come in with a client certificate, by what identifies it. */
    private final Map<String, Principal> certified;

    private KeyRing(int slots, Map<String, Principal> certified) {
        this.certified = Map.copyOf(certified);
        digests = new long[slots * WORDS];
        owners = new Principal[slots];
        mask = slots - 1;
    }

    /**
     * A ring of {@code entries}.
     *
     * @throws IllegalArgumentException when two entries have the same key, or one certificate
     */
    public static KeyRing of(Collection<KeyEntry> entries) {
        Map<String, Principal> certified = new HashMap<>();
        for (KeyEntry entry : entries) {
            entry.certificates().forEach(id -> {
                Principal other = certified.putIfAbsent(id, entry.owner());
                if (other != null) {
                    throw new IllegalArgumentException("client certificate of " + other.name() + " and "
                            + entry.owner().name() + ": the same (expected: one key for each)");
                }
            });
        }
        // At most half full, so that a look-up ends after a slot or two.
        KeyRing ring = new KeyRing(Integer.highestOneBit(Math.max(1, entries.size())) * 4, certified);
        for (KeyEntry entry : entries) {
            ring.add(entry);
        }
        return ring;
    }

    private void add(KeyEntry entry) {
        byte[] digest = HexFormat.of().parseHex(entry.sha256());
        int slot = slotOf(digest);
        if (owners[slot] != null) {
            throw new IllegalArgumentException("keys of " + owners[slot].name() + " and "
                    + entry.owner().name() + ": the same (expected: one entry for each key)");
        }
        for (int i = 0; i < WORDS; i++) {
            digests[slot * WORDS + i] = word(digest, i);
        }
        owners[slot] = entry.owner();
    }

    @Override
    public Principal find(CharSequence presented) {
        return owners[slotOf(Sha256.local().digest(presented))];
    }

    @Override
    public Set<Principal> certified(ClientCertificate certificate) {
        if (certified.isEmpty()) {
            return Set.of();
        }
        Set<Principal> owners = new HashSet<>();
        for (String id : certificate.ids()) {
            Principal owner = certified.get(id);
            if (owner != null) {
                owners.add(owner);
            }
        }
        return owners;
    }

    /** The slot that holds {@code digest}, or the free one where it would be. */
    private int slotOf(byte[] digest) {
        long a = word(digest, 0);
        long b = word(digest, 1);
        long c = word(digest, 2);
        long d = word(digest, 3);
        int slot = (int) a & mask;
        while (owners[slot] != null) {
            int at = slot * WORDS;
            if (((digests[at] ^ a) | (digests[at + 1] ^ b) | (digests[at + 2] ^ c) | (digests[at + 3] ^ d)) == 0) {
                return slot;
            }
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private static long word(byte[] digest, int i) {
        return (long) WORD.get(digest, i * Long.BYTES);
    }
}
