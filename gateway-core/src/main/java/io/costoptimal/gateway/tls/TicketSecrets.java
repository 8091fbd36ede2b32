package io.costoptimal.gateway.tls;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What the keys of session tickets are derived from, a new secret every hour: who steals a ticket and, much later, a secret of
 * this process learns nothing. With a secret that processes share, each of them derives the same ones. Any thread.
 */
final class TicketSecrets {

    static final long PERIOD_MILLIS = TimeUnit.HOURS.toMillis(1);

    private static final int BYTES = 32;
    private static final String HMAC = "HmacSHA256";
    private static final SecureRandom RANDOM = new SecureRandom();

    private final LongSupplier millis;
    private final Own own;
    /** {@code null} when the secrets are this process's own. */
    private final byte[] shared;

    /** What this process has made up itself. Guarded by its own monitor. */
    private static final class Own {
        private long period;
        private byte[] now = random();
        private byte[] before = random();

        Own(long period) {
            this.period = period;
        }

        synchronized List<byte[]> of(long wanted) {
            if (wanted != period) {
                before = wanted == period + 1 ? now : random();
                now = random();
                period = wanted;
            }
            return List.of(now, before);
        }
    }

    /** @param millis since 1970, by the clock of the system, which processes have in common */
    TicketSecrets(LongSupplier millis) {
        this(millis, new Own(Math.floorDiv(millis.getAsLong(), PERIOD_MILLIS)), null);
    }

    private TicketSecrets(LongSupplier millis, Own own, byte[] shared) {
        this.millis = millis;
        this.own = own;
        this.shared = shared;
    }

    /** The secrets that are derived from what processes share; {@code null} for this process's own, the same at every call. */
    TicketSecrets sharing(byte[] secret) {
        return new TicketSecrets(millis, own, secret);
    }

    /** The number of the present hour. */
    long period() {
        return Math.floorDiv(millis.getAsLong(), PERIOD_MILLIS);
    }

    /** The secrets whose tickets count in {@code wanted}, which is the present period; new tickets are made with the first. */
    List<byte[]> of(long wanted) {
        if (shared == null) {
            return own.of(wanted);
        }
        // Another process's clock may be ahead of ours.
        return List.of(ofShared(wanted), ofShared(wanted - 1), ofShared(wanted + 1));
    }

    private byte[] ofShared(long number) {
        return derived(shared, "period".getBytes(java.nio.charset.StandardCharsets.US_ASCII), number, BYTES);
    }

    /** {@code length} bytes that depend on all of these, by HKDF-Expand (RFC 5869 section 2.3) with {@code secret} as its key. */
    static byte[] derived(byte[] secret, byte[] label, long number, int length) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(new SecretKeySpec(secret, HMAC));
            byte[] out = new byte[0];
            byte[] block = new byte[0];
            for (int i = 1; out.length < length; i++) {
                mac.update(block);
                mac.update(label);
                for (int shift = 56; shift >= 0; shift -= 8) {
                    mac.update((byte) (number >> shift));
                }
                mac.update((byte) i);
                block = mac.doFinal();
                int from = out.length;
                out = Arrays.copyOf(out, from + block.length);
                System.arraycopy(block, 0, out, from, block.length);
            }
            return Arrays.copyOf(out, length);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + HMAC, e);
        }
    }

    private static byte[] random() {
        byte[] secret = new byte[BYTES];
        RANDOM.nextBytes(secret);
        return secret;
    }
}
