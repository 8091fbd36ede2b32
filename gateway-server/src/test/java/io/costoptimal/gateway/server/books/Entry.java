package io.costoptimal.gateway.server.books;

import java.util.List;

/**
 * A model of the gateway's configuration. Immutable.
 *
 * @param model name of the entry, without wildcards
 * @param strategy as it is written
 * @param candidates in the order of the file
 */
record Entry(String model, String strategy, List<Candidate> candidates) {

    /**
     * A provider that may serve it.
     *
     * @param model what it is asked for
     */
    record Candidate(String provider, String model) {}

    /** @param candidates {@code provider=model}, or {@code provider} where it is asked for the entry's own name */
    static Entry of(String model, String strategy, String... candidates) {
        return new Entry(
                model,
                strategy,
                List.of(candidates).stream()
                        .map(text -> text.split("="))
                        .map(parts -> new Candidate(parts[0], parts.length > 1 ? parts[1] : model))
                        .toList());
    }

    String yaml() {
        StringBuilder yaml = new StringBuilder("  - {model: ")
                .append(model)
                .append(", strategy: ")
                .append(strategy);
        yaml.append(", providers: [");
        for (int i = 0; i < candidates.size(); i++) {
            Candidate each = candidates.get(i);
            yaml.append(i > 0 ? ", " : "").append("{provider: ").append(each.provider);
            yaml.append(each.model.equals(model) ? "" : ", model: " + each.model);
            yaml.append(strategy.equals("weighted") ? ", weight: " + (i + 1) : "")
                    .append('}');
        }
        return yaml.append("]}\n").toString();
    }
}
