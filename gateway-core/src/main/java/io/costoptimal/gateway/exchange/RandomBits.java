package io.costoptimal.gateway.exchange;

import io.netty.util.concurrent.FastThreadLocal;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Random bytes that nobody can guess, cheap enough for every request: the key stream of AES in counter mode, under a key
 * from {@link SecureRandom} that only this thread has. Confined to one thread.
 *
 * <p>{@code SecureRandom} itself would do, but it takes a lock and reads a device file, which an event loop should not.
 */
final class RandomBits {

    private static final int AES_BLOCK = 16;

    /** Bytes made at a time; a multiple of what is taken at a time. */
    private static final int STOCK = 1536;

    private static final byte[] ZEROS = new byte[STOCK];

    private static final FastThreadLocal<RandomBits> OWN = new FastThreadLocal<>() {
        @Override
        protected RandomBits initialValue() throws GeneralSecurityException {
            return new RandomBits();
        }
    };

    private final Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    private final byte[] stock = new byte[STOCK];
    private int taken = STOCK;

    private RandomBits() throws GeneralSecurityException {
        byte[] key = new byte[AES_BLOCK];
        byte[] counter = new byte[AES_BLOCK];
        SecureRandom random = new SecureRandom();
        random.nextBytes(key);
        random.nextBytes(counter);
        cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(counter));
    }

    /** The present thread's own. */
    static RandomBits own() {
        return OWN.get();
    }

    /** Returns 32 random bits. */
    int nextInt() {
        if (taken == STOCK) {
            refill();
        }
        int at = taken;
        taken = at + Integer.BYTES;
        return stock[at] << 24 | (stock[at + 1] & 0xff) << 16 | (stock[at + 2] & 0xff) << 8 | stock[at + 3] & 0xff;
    }

    private void refill() {
        try {
            cipher.update(ZEROS, 0, STOCK, stock, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES in counter mode", e);
        }
        taken = 0;
    }
}
