package io.costoptimal.gateway.auth;

import io.costoptimal.gateway.exchange.ClientCertificate;
import io.costoptimal.gateway.exchange.Principal;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A gateway key as configured: its hash and its owner. Holds no key.
 *
 * @param sha256 SHA-256 of the key's UTF-8 bytes, 64 lower-case hex digits
 * @param owner who may come in with it
 * @param certificates of clients that act as this key, each by one of its {@link ClientCertificate#ids}
 */
public record KeyEntry(String sha256, Principal owner, List<String> certificates) {

    private static final String HASHED = "sha256:";
    private static final int HEX_DIGITS = 64;
    private static final int IDENTITY_BYTES = 16;

    /** One as which no certificate acts. */
    public KeyEntry(String sha256, Principal owner) {
        this(sha256, owner, List.of());
    }

    public KeyEntry {
        certificates = List.copyOf(certificates);
        Objects.requireNonNull(owner, "owner");
        sha256 = sha256.toLowerCase(Locale.ROOT);
        if (sha256.length() != HEX_DIGITS || !sha256.chars().allMatch(HexFormat::isHexDigit)) {
            throw new IllegalArgumentException(
                    "key of " + owner.name() + ": not a SHA-256 (expected: 64 hex digits after sha256:)");
        }
    }

    /**
     * Reads a configured key.
     *
     * @param key the key itself, or {@code sha256:} and its hash in hex
     * @throws IllegalArgumentException when the key is empty or the hash is none; the message does not repeat it
     */
    public static KeyEntry of(String key, Principal owner) {
        if (key.isEmpty()) {
            throw new IllegalArgumentException("key of " + owner.name() + ": empty");
        }
        if (key.startsWith(HASHED)) {
            return new KeyEntry(key.substring(HASHED.length()), owner);
        }
        return new KeyEntry(HexFormat.of().formatHex(Sha256.local().digest(key)), owner);
    }

    /** The same key, as which certificates with {@code ids} act. */
    public KeyEntry actedBy(List<String> ids) {
        return new KeyEntry(sha256, owner, ids);
    }

    /**
     * The same key, whose owner is identified by the key and not by a name: by a hash of its hash, cut to 16 bytes, so that
     * whoever reads where objects are kept has nothing that is worth anything in a configuration.
     */
    public KeyEntry identifiedByItself() {
        byte[] digest = Sha256.local().digest("objects:" + sha256);
        return new KeyEntry(
                sha256, owner.identifiedBy("key:" + HexFormat.of().formatHex(digest, 0, IDENTITY_BYTES)), certificates);
    }

    /** Never prints the hash, which is worth a dictionary attack. */
    @Override
    public String toString() {
        return "KeyEntry[" + owner.name() + "]";
    }
}
