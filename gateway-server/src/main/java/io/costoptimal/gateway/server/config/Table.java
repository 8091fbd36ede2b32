package io.costoptimal.gateway.server.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** The keys that one map of the file may have, in the order of the documentation. Immutable. */
final class Table {

    /** The table of a map whose keys the operator chooses. */
    static final Table NONE = new Table(Map.of());

    private final Map<String, Setting> settings;

    private Table(Map<String, Setting> settings) {
        this.settings = settings;
    }

    static Table of(Setting... settings) {
        return of(Stream.of(settings));
    }

    static Table of(Stream<Setting> settings) {
        Map<String, Setting> byName = new LinkedHashMap<>();
        settings.forEach(setting -> {
            if (byName.put(setting.name(), setting) != null) {
                throw new IllegalArgumentException("two settings are called " + setting.name());
            }
        });
        return new Table(byName);
    }

    /** In the order of the documentation. */
    List<Setting> settings() {
        return List.copyOf(settings.values());
    }

    Set<String> names() {
        return settings.keySet();
    }

    /** The setting called {@code name}, if there is one. */
    Optional<Setting> find(String name) {
        return Optional.ofNullable(settings.get(name));
    }

    /**
     * The setting called {@code name}.
     *
     * @throws IllegalStateException when there is none: a reader asks for a key that the format does not have
     */
    Setting get(String name) {
        return find(name).orElseThrow(() -> new IllegalStateException("not in Format: " + name));
    }
}
