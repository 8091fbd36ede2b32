package io.costoptimal.gateway.server.config;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What to say about a key that the format does not have: what was probably meant, where it belongs, or nothing. */
final class Advice {

    private static final String NO_BUDGETS = "budgets do not exist yet";
    private static final String NO_RATES = "rate limits do not exist yet";
    private static final String ONCE = "each candidate is tried once; see retry_on";
    private static final String NO_HEALTH = "health checks and cool-downs do not exist yet";
    private static final String NO_TRANSLATION = "bodies are passed on as they are";

    /** What other gateways do and this one does not, by the words they have for it. */
    private static final Map<String, String> ABSENT = Map.ofEntries(
            Map.entry("rate_limit", NO_RATES),
            Map.entry("rate_limits", NO_RATES),
            Map.entry("ratelimit", NO_RATES),
            Map.entry("rpm", NO_RATES),
            Map.entry("tpm", NO_RATES),
            Map.entry("rpm_limit", NO_RATES),
            Map.entry("tpm_limit", NO_RATES),
            Map.entry("max_parallel_requests", NO_RATES),
            Map.entry("fallbacks", "list the candidates in their order under models[].providers"),
            Map.entry("num_retries", ONCE),
            Map.entry("max_retries", ONCE),
            Map.entry("budget", NO_BUDGETS),
            Map.entry("max_budget", NO_BUDGETS),
            Map.entry("cache", "answers are not cached"),
            Map.entry("caching", "answers are not cached"),
            Map.entry("health_check", NO_HEALTH),
            Map.entry("cooldown_time", NO_HEALTH),
            Map.entry("allowed_fails", NO_HEALTH),
            Map.entry("guardrails", "bodies are not judged"),
            Map.entry("drop_params", NO_TRANSLATION),
            Map.entry("temperature", NO_TRANSLATION),
            Map.entry("max_tokens", NO_TRANSLATION),
            Map.entry("plugins", "there are no plugins"));

    private Advice() {}

    /** What follows "unknown key: ..." for {@code key} in a map that has the keys of {@code table}; may be empty. */
    static String of(String key, Table table) {
        return table.settings().stream()
                .filter(setting -> setting.about().synonyms().contains(key))
                .findFirst()
                .map(setting -> " (here it is called " + setting.name() + ")")
                .orElseGet(() -> elsewhere(key, table.names()));
    }

    private static String elsewhere(String key, Collection<String> names) {
        String near = Words.hint(key, names);
        if (!near.isEmpty()) {
            return near;
        }
        List<String> places = Format.everything().keySet().stream()
                .filter(path -> path.equals(key) || path.endsWith("." + key))
                .map(path -> path.equals(key) ? "at the top level" : "under " + parent(path))
                .distinct()
                .limit(2)
                .toList();
        if (!places.isEmpty()) {
            return " (it belongs " + String.join(" or ", places) + ")";
        }
        return ABSENT.containsKey(key) ? " (" + ABSENT.get(key) + ")" : called(key);
    }

    /** For a word that another program has for a key of some other map. */
    private static String called(String key) {
        String there = Format.everything().entrySet().stream()
                .filter(entry -> entry.getValue().about().synonyms().contains(key))
                .map(Map.Entry::getKey)
                .limit(2)
                .collect(Collectors.joining(" or "));
        return there.isEmpty() ? "" : " (perhaps: " + there + ")";
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('.'));
    }
}
