package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads lists of candidates in each of the ways they may be written. Owned by the thread that loads. */
final class CandidateReader {

    private static final int STANDARD_WEIGHT = 1;

    private final Map<String, Provider> providers;

    /** @param providers what candidates may name */
    CandidateReader(Map<String, Provider> providers) {
        this.providers = providers;
    }

    /**
     * Where a candidate is written.
     *
     * @param at its provider
     * @param priceAs whose list price holds; {@code null} when it does not say
     */
    record Place(Value at, Value priceAs) {}

    /** A list of candidates while it is read. */
    static final class Listed {

        /** An empty list, for a key that is not there. */
        Listed() {}

        private final List<Candidate> candidates = new ArrayList<>();
        private final List<Integer> weights = new ArrayList<>();
        private final List<Place> places = new ArrayList<>();
        private Value weight;

        /** In the order of the file. */
        List<Candidate> candidates() {
            return candidates;
        }

        /** Of each candidate. */
        List<Place> places() {
            return places;
        }

        /** Of each candidate; 1 where the file has none. */
        List<Integer> weights() {
            return weights;
        }

        /** The first weight that is written; empty without one. */
        Optional<Value> weight() {
            return Optional.ofNullable(weight);
        }
    }

    /** Reads a list of ids or of {@code {provider, model, weight, price_as}}, or a map from id to model. */
    Listed read(Value value) {
        Listed listed = new Listed();
        if (value.isMap()) {
            value.section()
                    .ifPresent(section -> section.all()
                            .forEach(model ->
                                    add(listed, new Place(section.keyOf(model), null), name(model), STANDARD_WEIGHT)));
        } else {
            for (Value item : value.items()) {
                if (item.isMap()) {
                    item.section().ifPresent(section -> addMap(listed, section));
                } else {
                    add(listed, new Place(item, null), Optional.empty(), STANDARD_WEIGHT);
                }
            }
        }
        if (listed.candidates.isEmpty()
                && (value.isMap() || value.isList() && value.items().isEmpty())) {
            value.expected("at least one provider");
        }
        return listed;
    }

    /** The name that a provider knows the model by; an empty one changes nothing. */
    private static Optional<String> name(Value model) {
        return model.isEmptyText() ? Optional.empty() : model.as(Names::oneModel);
    }

    private void addMap(Listed listed, Section section) {
        try (section) {
            Optional<Value> id = section.value("id");
            Optional<Value> provider = id.isPresent() ? id : section.required("provider");
            section.value("provider")
                    .filter(other -> id.isPresent())
                    .ifPresent(other -> other.problem("provider: id says it already"));
            Optional<String> model = section.value("model").flatMap(CandidateReader::name);
            int weight = (int) section.number("weight");
            if (listed.weight == null) {
                listed.weight = section.value("weight").orElse(null);
            }
            Value priceAs = section.value("price_as").orElse(null);
            provider.ifPresent(value -> add(listed, new Place(value, priceAs), model, weight));
        }
    }

    private void add(Listed listed, Place place, Optional<String> model, int weight) {
        Provider provider = provider(place.at);
        if (provider == null) {
            return;
        }
        Candidate candidate = new Candidate(provider, model.orElse(null));
        if (listed.candidates.contains(candidate)) {
            place.at.expected("each candidate once");
        }
        listed.candidates.add(candidate);
        listed.weights.add(weight);
        listed.places.add(place);
    }

    /** The provider that {@code id} names; {@code null} when there is none, which was noted. */
    Provider provider(Value id) {
        String text = id.text().orElse(null);
        if (text != null && !providers.containsKey(text)) {
            id.problem("unknown provider: " + id.shown() + Words.hint(text, providers.keySet()));
        }
        return providers.get(text);
    }
}
