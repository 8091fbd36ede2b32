package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.ModelScope;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads {@code alias}, and checks that names elsewhere in the file are models or aliases. Owned by the thread that loads. */
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
            String alias = name == null ? null : name.as(Names::oneModel).orElse(null);
            String model = target == null ? null : target.as(Names::oneModel).orElse(null);
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
        if (model == null || fallback || models.contains(model) || aliases.containsKey(model) || fits(model)) {
            return;
        }
        Set<String> known = new TreeSet<>(models);
        known.addAll(aliases.keySet());
        name.problem("unknown model: " + name.shown() + Words.hint(model, known));
    }

    /** Whether a wildcard among the models serves {@code name}; or, if that is a wildcard itself, whether it may find any. */
    private boolean fits(String name) {
        ModelPattern pattern = new ModelPattern(name);
        boolean wildcard = ModelPattern.isWildcard(name);
        for (String model : models) {
            boolean entry = ModelPattern.isWildcard(model);
            if (entry && (wildcard || new ModelPattern(model).matches(name)) || pattern.matches(model)) {
                return true;
            }
        }
        return wildcard && aliases.keySet().stream().anyMatch(pattern::matches);
    }

    /** Like {@link #check}, for a name that a key may ask for; warns of an alias whose target it may not. */
    void check(Value name, ModelScope scope) {
        check(name);
        String target = name.text().map(aliases::get).orElse(null);
        for (int i = 0; i < aliases.size() && aliases.containsKey(target); i++) {
            target = aliases.get(target);
        }
        if (target != null && !scope.allows(target)) {
            name.warn("models: " + name.shown() + " stands for " + Value.oneLine(target)
                    + ", which the key may not use (expected: that name in the list, too)");
        }
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
