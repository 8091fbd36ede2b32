package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Principal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/** The keys of role {@code admin} of one configuration, by their digests. Immutable; holds no key. */
public final class AdminKeys {

    private final Map<String, String> names;

    private AdminKeys(Map<String, String> names) {
        this.names = names;
    }

    /** Those of {@code all} that are an administrator's. */
    public static AdminKeys of(Collection<KeyEntry> all) {
        Map<String, String> names = new HashMap<>();
        for (KeyEntry key : all) {
            if (key.owner().role() == Principal.Role.ADMIN) {
                names.put(key.sha256(), key.owner().name());
            }
        }
        return new AdminKeys(Map.copyOf(names));
    }

    /** The digest of a key as it was presented: SHA-256 of its UTF-8 bytes in lower-case hex digits. */
    static String digest(String key) {
        return digest(key.getBytes(StandardCharsets.UTF_8));
    }

    /** SHA-256 in lower-case hex digits. */
    static String digest(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** The name of the key whose digest is {@code digest}; {@code null} when it is no administrator's, or no longer. */
    String name(String digest) {
        return names.get(digest);
    }
}
