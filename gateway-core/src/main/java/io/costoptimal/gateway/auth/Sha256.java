package io.costoptimal.gateway.auth;

import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** SHA-256 without garbage: a digest and its buffers for each thread. Confined to the thread that asked for it. */
final class Sha256 {

    static final int BYTES = 32;

    /** Longer than any key that is handed out; others are copied. */
    private static final int SHORT_KEY = 256;

    private static final FastThreadLocal<Sha256> LOCAL = new FastThreadLocal<>() {
        @Override
        protected Sha256 initialValue() {
            return new Sha256();
        }
    };

    private final MessageDigest digest;
    private final byte[] key = new byte[SHORT_KEY];
    private final byte[] out = new byte[BYTES];

    private Sha256() {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    static Sha256 local() {
        return LOCAL.get();
    }

    /** The digest of {@code text} in UTF-8; the array is this object's and valid until the next call. */
    byte[] digest(CharSequence text) {
        int length = text.length();
        if (length > SHORT_KEY || !copyAscii(text, length)) {
            digest.update(text.toString().getBytes(StandardCharsets.UTF_8));
        } else {
            digest.update(key, 0, length);
        }
        try {
            digest.digest(out, 0, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has 32 bytes", e);
        }
        return out;
    }

    private boolean copyAscii(CharSequence text, int length) {
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                return false;
            }
            key[i] = (byte) c;
        }
        return true;
    }
}
