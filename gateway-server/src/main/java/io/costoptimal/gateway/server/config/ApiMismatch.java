package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Candidates that will be asked in an API they probably do not have. A body goes to every candidate as it came, so a model of
 * one vendor at a provider of the other's type works only for the clients that speak that provider's API.
 */
final class ApiMismatch {

    private static final Pattern CLAUDE = Pattern.compile("(?i)(?:.*[/.])?claude-.*");
    private static final Pattern OPENAI =
            Pattern.compile("(?i)(?:.*/)?(?:gpt-|chatgpt-|o[1-9](?:-|$)|text-embedding-).*");

    private ApiMismatch() {}

    /**
     * Warns at {@code listed} of its candidates.
     *
     * @param model the name that requests have, for candidates that have none of their own; {@code null} if unknown
     */
    static void warn(Value listed, String model, List<Candidate> candidates) {
        if (someLack(ApiFamily.OPENAI, candidates) && someLack(ApiFamily.ANTHROPIC, candidates)) {
            listed.warn("providers: " + ids(candidates) + " speak different APIs, and a body goes to each as it came"
                    + " (expected: providers of one API, or a model for each)");
            return;
        }
        for (Candidate candidate : candidates) {
            String name = candidate.model() == null ? model : candidate.model();
            String id = candidate.provider().id();
            if (name != null
                    && lacks(ApiFamily.ANTHROPIC, candidate)
                    && CLAUDE.matcher(name).matches()) {
                listed.warn("providers: clients ask for " + Value.oneLine(name) + " by /v1/messages, too, and " + id
                        + " is no provider of type anthropic; such requests fail unless it has that API");
            } else if (name != null
                    && lacks(ApiFamily.OPENAI, candidate)
                    && OPENAI.matcher(name).matches()) {
                listed.warn("providers: clients ask for " + Value.oneLine(name) + " by /v1/chat/completions or"
                        + " /v1/responses, and " + id + " is a provider of type anthropic (expected: type openai)");
            }
        }
    }

    private static boolean someLack(ApiFamily family, List<Candidate> candidates) {
        return candidates.stream().anyMatch(candidate -> lacks(family, candidate));
    }

    private static boolean lacks(ApiFamily family, Candidate candidate) {
        return !candidate.provider().kind().families().contains(family);
    }

    private static String ids(List<Candidate> candidates) {
        return candidates.stream()
                .map(candidate -> candidate.provider().id())
                .distinct()
                .collect(Collectors.joining(", "));
    }
}
