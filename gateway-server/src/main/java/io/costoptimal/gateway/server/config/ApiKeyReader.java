package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.ClientCertificate;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Principal.Role;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/** Reads {@code api_keys}; the keys themselves are forgotten, only their digests are kept. Owned by the thread that loads. */
final class ApiKeyReader {

    private static final String DIGEST = "sha256:";
    private static final Pattern HEX = Pattern.compile("[0-9a-fA-F]{64}");
    /** What a header field can carry: no control characters, and no blanks at the ends, which a field loses. */
    private static final Pattern KEY = Pattern.compile("[^\\p{Cc}\\s](?:[^\\p{Cc}]{0,1022}[^\\p{Cc}\\s])?");

    /** Stands for a list without a usable name, of which a problem was noted. */
    private static final ModelScope NOTHING = ModelScope.of(Set.of(""));

    private final BiConsumer<Value, ModelScope> modelCheck;
    private final Set<String> names = new HashSet<>();
    private final Set<String> digests = new HashSet<>();
    private final Set<String> certificates = new HashSet<>();

    /** @param modelCheck notes what is wrong with a model's name in the list of one key */
    ApiKeyReader(BiConsumer<Value, ModelScope> modelCheck) {
        this.modelCheck = modelCheck;
    }

    List<KeyEntry> read(Section file) {
        List<KeyEntry> keys = new ArrayList<>();
        List<Value> items = file.requiredItems("api_keys");
        for (int i = 0; i < items.size(); i++) {
            Value item = items.get(i).asSecret();
            String name = "key-" + (i + 1);
            KeyEntry key = item.isMap() ? fromMap(item.section().orElseThrow(), name) : fromText(item, name);
            if (key != null) {
                keys.add(key);
            }
        }
        return keys;
    }

    private KeyEntry fromText(Value item, String name) {
        if (!names.add(name)) {
            item.problem("api_keys: another key is called " + name + " (expected: {key, name} here)");
        }
        KeyEntry key = entry(item, new Principal(name, Role.CLIENT));
        return key == null ? null : key.identifiedByItself();
    }

    private KeyEntry fromMap(Section section, String standardName) {
        try (section) {
            Optional<Value> key = section.required("key");
            String name = section.parsed("name", standardName, Names::id);
            if (!names.add(name)) {
                section.value("name")
                        .ifPresentOrElse(
                                value -> value.expected("a name that no other key has"),
                                () -> section.problem("api_keys: another key is called " + name
                                        + " (expected: a name for this one)"));
            }
            Role role = section.parsed("role", Role.CLIENT, text -> Names.choice(text, Role.class));
            ModelScope models = section.restriction("models").map(this::scope).orElse(ModelScope.ALL);
            // A name by place is another key's after the list was reordered.
            boolean named = section.value("name").isPresent();
            Principal owner = new Principal(name, role, models, "name:" + name);
            List<String> acting = certificates(section.items("client_certificates"));
            return key.map(value -> entry(value.asSecret(), owner))
                    .map(entry -> entry.actedBy(acting))
                    .map(entry -> named ? entry : entry.identifiedByItself())
                    .orElse(null);
        }
    }

    /** Certificates that act as a key; what is wrong was noted. */
    private List<String> certificates(List<Value> items) {
        List<String> ids = new ArrayList<>();
        for (Value item : items) {
            item.as(ClientCertificate::id).ifPresent(id -> {
                if (certificates.add(id)) {
                    ids.add(id);
                } else {
                    item.expected("a certificate that no key has already");
                }
            });
        }
        return ids;
    }

    private ModelScope scope(List<Value> items) {
        Set<String> allowed = new LinkedHashSet<>();
        items.forEach(item -> item.as(Names::model).ifPresent(allowed::add));
        ModelScope scope = allowed.isEmpty() ? NOTHING : ModelScope.of(allowed);
        items.forEach(item -> modelCheck.accept(item, scope));
        return scope;
    }

    /** The key with its owner; {@code null}, with a problem noted, when it is malformed or already in the list. */
    private KeyEntry entry(Value key, Principal owner) {
        KeyEntry entry =
                key.credential(text -> KeyEntry.of(checked(text), owner)).orElse(null);
        if (entry != null && !digests.add(entry.sha256())) {
            key.expected("a key that is not in the list already");
            return null;
        }
        return entry;
    }

    private static String checked(String key) {
        if (key.startsWith(DIGEST)
                && !HEX.matcher(key.substring(DIGEST.length())).matches()) {
            throw new IllegalArgumentException("64 hexadecimal digits after sha256:");
        }
        if (!KEY.matcher(key).matches()) {
            throw new IllegalArgumentException(
                    "1 to 1024 characters without line breaks or surrounding spaces, or sha256:<hex>");
        }
        return key;
    }
}
