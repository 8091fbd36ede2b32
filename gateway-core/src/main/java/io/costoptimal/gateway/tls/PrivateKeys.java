package io.costoptimal.gateway.tls;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * Private keys in the encodings that tools write: PKCS #8 (RFC 5208), encrypted or not, PKCS #1 (RFC 8017 appendix A.1.2) and SEC 1
 * (RFC 5915). Stateless.
 */
final class PrivateKeys {

    private static final int SEQUENCE = 0x30;
    private static final int INTEGER = 0x02;
    private static final int OCTETS = 0x04;
    private static final int PARAMETERS = 0xa0; // [0] of ECPrivateKey

    private static final byte[] VERSION_0 = {INTEGER, 1, 0};
    /** rsaEncryption and its parameters, which are NULL. */
    private static final byte[] RSA = {
        0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00
    };

    private static final byte[] EC_PUBLIC_KEY = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 0x02, 0x01};

    /** Kinds of keys, as the JDK calls them. */
    private static final String[] ALGORITHMS = {"RSA", "EC", "Ed25519"};

    private PrivateKeys() {}

    /**
     * Reads a key.
     *
     * @param label what stands after BEGIN in its PEM form
     * @param password {@code null} when there is none
     * @throws GeneralSecurityException whose message is for people, and says nothing of the key
     */
    static PrivateKey read(String label, byte[] der, String password) throws GeneralSecurityException {
        switch (label) {
            case "PRIVATE KEY":
                return fromPkcs8(der);
            case "ENCRYPTED PRIVATE KEY":
                return fromPkcs8(decrypted(der, password));
            case "RSA PRIVATE KEY":
                return fromPkcs8(wrapped(RSA, der));
            case "EC PRIVATE KEY":
                return fromPkcs8(wrapped(join(EC_PUBLIC_KEY, curve(der)), der));
            default:
                throw new InvalidKeyException("a key of an unknown form: " + label);
        }
    }

    private static PrivateKey fromPkcs8(byte[] der) throws InvalidKeyException {
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
            } catch (GeneralSecurityException another) {
                // A key of another kind.
            }
        }
        throw new InvalidKeyException("not a key of RSA, an elliptic curve or Ed25519");
    }

    private static byte[] decrypted(byte[] der, String password) throws InvalidKeyException {
        if (password == null) {
            throw new InvalidKeyException("the key is encrypted, and there is no key_password");
        }
        PBEKeySpec secret = new PBEKeySpec(password.toCharArray());
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
            // PBES2 (RFC 8018) names its ciphers in its parameters, whose text the JDK makes of them.
            String algorithm = info.getAlgParameters() == null
                            || !info.getAlgName().startsWith("PBES2")
                                    && !info.getAlgName().equals("1.2.840.113549.1.5.13")
                    ? info.getAlgName()
                    : info.getAlgParameters().toString();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(secret),
                    info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw new InvalidKeyException("the key cannot be decrypted with key_password", e);
        } finally {
            secret.clearPassword();
        }
    }

    /** A PrivateKeyInfo of PKCS #8 around a key in the encoding of its own kind. */
    private static byte[] wrapped(byte[] algorithm, byte[] key) {
        return element(SEQUENCE, join(join(VERSION_0, element(SEQUENCE, algorithm)), element(OCTETS, key)));
    }

    /** The name of the curve, as it stands in an ECPrivateKey: its third element. */
    private static byte[] curve(byte[] der) throws InvalidKeyException {
        try {
            int at = inner(der, 0);
            at = end(der, at); // the version
            at = end(der, at); // the key itself
            if ((der[at] & 0xff) == PARAMETERS) {
                int from = inner(der, at);
                return Arrays.copyOfRange(der, from, end(der, at));
            }
        } catch (ArrayIndexOutOfBoundsException tooShort) {
            // Told below.
        }
        throw new InvalidKeyException("an EC key that does not name its curve");
    }

    /** Where the content of the element at {@code at} begins. */
    private static int inner(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        return at + 2 + (first < 0x80 ? 0 : first & 0x7f);
    }

    /** Where the element at {@code at} ends. */
    private static int end(byte[] der, int at) {
        int first = der[at + 1] & 0xff;
        int from = inner(der, at);
        int length = first;
        if (first >= 0x80) {
            length = 0;
            for (int i = at + 2; i < from; i++) {
                length = length << 8 | der[i] & 0xff;
            }
        }
        return from + length;
    }

    private static byte[] element(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(content.length + 4);
        out.write(tag);
        if (content.length < 0x80) {
            out.write(content.length);
        } else if (content.length < 0x100) {
            out.write(0x81);
            out.write(content.length);
        } else {
            out.write(0x82);
            out.write(content.length >> 8);
            out.write(content.length);
        }
        out.writeBytes(content);
        return out.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }
}
