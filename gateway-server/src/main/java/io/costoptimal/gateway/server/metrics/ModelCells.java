package io.costoptimal.gateway.server.metrics;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;

/** Counters by configured model, the journal's to write and anybody's to read. */
final class ModelCells {

    private final int size;
    private final Map<String, Cells> models = new ConcurrentHashMap<>();

    /** @param size counters of each model */
    ModelCells(int size) {
        this.size = size;
    }

    /** The counters of {@code model}; by the owner alone. */
    Cells of(String model) {
        Cells cells = models.get(model);
        return cells != null ? cells : models.computeIfAbsent(model, name -> new Cells(size));
    }

    /** Each model that was counted, as it is configured, and its counters. */
    void forEach(BiConsumer<String, Cells> each) {
        models.forEach(each);
    }

    /** Forgets the models that are not in {@code kept}. */
    void keepOnly(Set<String> kept) {
        models.keySet().retainAll(kept);
    }
}
