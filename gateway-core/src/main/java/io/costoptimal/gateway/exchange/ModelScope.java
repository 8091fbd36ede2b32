package io.costoptimal.gateway.exchange;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The models that a key may ask for: all of them, or names and wildcards. Immutable, any thread. */
public final class ModelScope {

    /** No restriction. The only way to have none, so that an empty list cannot become one by accident. */
    public static final ModelScope ALL = new ModelScope(Set.of(), List.of());

    private final Set<String> names;
    private final List<ModelPattern> wildcards;

    private ModelScope(Set<String> names, List<ModelPattern> wildcards) {
        this.names = names;
        this.wildcards = wildcards;
    }

    /**
     * These and no others.
     *
     * @param written names, and wildcards as {@link ModelPattern} reads them
     * @throws IllegalArgumentException when there are none
     */
    public static ModelScope of(Collection<String> written) {
        if (written.isEmpty()) {
            throw new IllegalArgumentException("models: an empty list (expected: at least one name)");
        }
        Set<String> names =
                written.stream().filter(text -> !ModelPattern.isWildcard(text)).collect(Collectors.toUnmodifiableSet());
        List<ModelPattern> wildcards = written.stream()
                .filter(ModelPattern::isWildcard)
                .map(ModelPattern::new)
                .toList();
        return new ModelScope(names, wildcards);
    }

    /** Whether every model is allowed, also those that are not named at all. */
    public boolean isAll() {
        return this == ALL;
    }

    /** @param name {@code null} for a request that names no model */
    public boolean allows(String name) {
        if (isAll()) {
            return true;
        }
        if (name == null) {
            return false;
        }
        if (names.contains(name)) {
            return true;
        }
        for (int i = 0; i < wildcards.size(); i++) {
            if (wildcards.get(i).matches(name)) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ModelScope scope && names.equals(scope.names) && wildcards.equals(scope.wildcards);
    }

    @Override
    public int hashCode() {
        return 31 * names.hashCode() + wildcards.hashCode();
    }

    @Override
    public String toString() {
        return isAll() ? "all models" : names + " " + wildcards;
    }
}
