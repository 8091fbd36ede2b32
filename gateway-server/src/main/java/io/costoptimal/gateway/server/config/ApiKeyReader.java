package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Principal.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Reads {@code api_keys}. Owned by the thread that loads. */
final class ApiKeyReader {

    private static final String DIGEST = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7E]{1,1024}");

    private final Consumer<Value> modelCheck;
    private final Set<String> names = new HashSet<>();
    private final Set<String> digests = new HashSet<>();

    /** @param modelCheck notes a problem at a model name for which no request could be served */
    ApiKeyReader(Consumer<Value> modelCheck) {
        this.modelCheck = modelCheck;
    }

    List<ApiKey> read(Section file) {
        List<ApiKey> keys = new ArrayList<>();
        List<Value> items = file.requiredItems("api_keys");
        for (int i = 0; i < items.size(); i++) {
            Value item = items.get(i).asSecret();
            String name = "key-" + (i + 1);
            ApiKey key = item.isMap() ? fromMap(item.section().orElseThrow(), name) : fromText(item, name);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private ApiKey fromText(Value item, String name) {
        if (!names.add(name)) {
            item.problem("api_keys: another key is called " + name + " (expected: {key, name} here)");
        }
        return item.as(ApiKeyReader::secret)
                .filter(secret -> fresh(item, secret))
                .map(secret -> new ApiKey(secret, new Principal(name, Role.CLIENT, Set.of())))
                .orElse(null);
    }

    private ApiKey fromMap(Section section, String standardName) {
        try (section) {
            String secret = section.required("key")
                    .map(Value::asSecret)
                    .flatMap(value -> value.as(ApiKeyReader::secret).filter(text -> fresh(value, text)))
                    .orElse(null);
            String name = section.parsed("name", standardName, Names::id);
            if (!names.add(name)) {
                section.value("name").ifPresent(value -> value.expected("a name that no other key has"));
            }
            Role role = section.parsed("role", Role.CLIENT, text -> Names.choice(text, Role.class));
            Set<String> allowed = new LinkedHashSet<>();
            for (Value model : section.items("models")) {
                model.as(Names::model).ifPresent(allowed::add);
                modelCheck.accept(model);
            }
            return secret == null ? null : new ApiKey(secret, new Principal(name, role, allowed));
        }
    }

    private static String secret(String text) {
        if (!text.startsWith(DIGEST)) {
            if (!KEY.matcher(text).matches()) {
                throw new IllegalArgumentException("1 to 1024 visible ASCII characters, or sha256:<hex>");
            }
            return text;
        }
        String hex = text.substring(DIGEST.length()).toLowerCase(Locale.ROOT);
        if (!HEX.matcher(hex).matches()) {
            throw new IllegalArgumentException("64 hexadecimal digits after sha256:");
        }
        return DIGEST + hex;
    }

    /** Whether nobody else has this key: one key with two owners would be decided by chance. */
    private boolean fresh(Value value, String secret) {
        boolean fresh = digests.add(secret.startsWith(DIGEST) ? secret : DIGEST + sha256(secret));
        if (!fresh) {
            value.expected("a key that is not in the list already");
        }
        return fresh;
    }

    private static String sha256(String secret) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
