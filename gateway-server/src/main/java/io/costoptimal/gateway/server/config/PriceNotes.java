package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a file says of prices at its providers and candidates, kept until there are lists to look it up in. Owned by the thread
 * that loads.
 */
final class PriceNotes {

    private final Map<String, Value> providers = new LinkedHashMap<>();
    private final List<Noted> candidates = new ArrayList<>();

    /** What a candidate's price is wanted for. */
    enum Use {
        /** To know what was spent, where that is kept. */
        SPENT("providers", "what it costs is not"),
        /** To try the cheapest first. */
        COMPARED("providers", "the cheapest are tried before it"),
        /** To decide a rule. */
        ASKED("rule", "the rule fails on every request that gets to it");

        private final String key;
        private final String consequence;

        Use(String key, String consequence) {
            this.key = key;
            this.consequence = consequence;
        }

        /** Under which key it is written. */
        String key() {
            return key;
        }

        /** What becomes of it without a price, as the end of a sentence. */
        String consequence() {
            return consequence;
        }
    }

    /**
     * A candidate.
     *
     * @param provider where
     * @param model the name that is sent; a wildcard for several; {@code null} when the file has it wrong
     * @param at where it is written
     * @param priceAs what it says; {@code null} when it says nothing
     * @param use what its price is wanted for
     */
    record Noted(Provider provider, String model, Value at, Value priceAs, Use use) {}

    /** Notes {@code price_as} of a provider. */
    void provider(String id, Value priceAs) {
        providers.put(id, priceAs);
    }

    /**
     * Notes a candidate.
     *
     * @param entry the configured model whose candidate it is; {@code null} when the file has it wrong
     * @param place where it is written, and what it says
     */
    void candidate(Candidate candidate, String entry, CandidateReader.Place place, Use use) {
        String model = candidate.model() == null ? entry : candidate.model();
        candidates.add(new Noted(candidate.provider(), model, place.at(), place.priceAs(), use));
    }

    /** {@code price_as} by provider, where there is one. */
    Map<String, Value> providers() {
        return providers;
    }

    /** In the order of the file. */
    List<Noted> candidates() {
        return candidates;
    }

    /** Whether anything here asks for prices. */
    boolean ask() {
        return !providers.isEmpty()
                || candidates.stream()
                        .anyMatch(candidate -> candidate.use() != Use.SPENT || candidate.priceAs() != null);
    }
}
