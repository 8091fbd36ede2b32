package io.costoptimal.gateway.server.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code alias}, and knows which model names a request may carry. Owned by the thread that loads. */
final class AliasReader {

    private final Set<String> models;
    private final boolean fallback;
    private final Map<String, Value> targets = new LinkedHashMap<>();
    private final Map<String, String> aliases = new LinkedHashMap<>();

    /**
     * @param models names of the configured models
     * @param fallback whether a default provider serves all other names
     */
    AliasReader(Set<String> models, boolean fallback) {
        this.models = models;
        this.fallback = fallback;
    }

    /** Alias to target, as written; a target may be an alias itself, and no chain leads back to its start. */
    Map<String, String> read(Section file) {
        for (Value item : file.items("alias")) {
            item.section().ifPresent(this::one);
        }
        targets.forEach((alias, target) -> {
            check(target);
            if (circular(alias)) {
                target.problem("target: " + target.shown() + " leads back to " + Value.oneLine(alias));
            }
        });
        return aliases;
    }

    private void one(Section section) {
        try (section) {
            Value name = section.required("model").orElse(null);
            Value target = section.required("target").orElse(null);
            String alias = name == null ? null : name.as(Names::model).orElse(null);
            String model = target == null ? null : target.as(Names::model).orElse(null);
            if (alias == null || model == null) {
                return;
            }
            if (models.contains(alias)) {
                name.expected("a name that no model has; the alias would hide it");
            } else if (targets.putIfAbsent(alias, target) != null) {
                name.expected("each alias once");
            } else {
                aliases.put(alias, model);
            }
        }
    }

    /** Notes a problem at {@code name} when no request for it could be served. */
    void check(Value name) {
        String model = name.text().orElse(null);
        if (model == null || fallback || models.contains(model) || aliases.containsKey(model)) {
            return;
        }
        Set<String> known = new TreeSet<>(models);
        known.addAll(aliases.keySet());
        name.problem("unknown model: " + name.shown() + Words.hint(model, known));
    }

    private boolean circular(String alias) {
        Set<String> seen = new HashSet<>();
        String at = alias;
        while (at != null && seen.add(at)) {
            at = aliases.get(at);
        }
        return alias.equals(at);
    }
}
