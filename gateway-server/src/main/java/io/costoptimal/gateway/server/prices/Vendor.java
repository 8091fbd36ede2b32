package io.costoptimal.gateway.server.prices;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Whose public API a host is, and what other lists call a vendor.
 *
 * <p>Only hosts are here whose list price everybody pays in dollars. A regional host with a surcharge, one that bills in
 * another currency, and a host of Azure's, where customers choose the names, belong to nobody: {@code price_as} says what they
 * cost.
 */
public final class Vendor {

    private static final Map<String, String> HOSTS = Map.ofEntries(
            Map.entry("api.openai.com", "openai"),
            Map.entry("api.anthropic.com", "anthropic"),
            Map.entry("generativelanguage.googleapis.com", "google"),
            Map.entry("api.deepseek.com", "deepseek"),
            Map.entry("api.mistral.ai", "mistral"),
            Map.entry("api.x.ai", "xai"),
            Map.entry("api.groq.com", "groq"),
            Map.entry("api.cohere.com", "cohere"),
            Map.entry("api.cohere.ai", "cohere"),
            Map.entry("api.moonshot.ai", "moonshotai"),
            Map.entry("api.z.ai", "zai"),
            Map.entry("dashscope-intl.aliyuncs.com", "alibaba"),
            // Not in the catalogue, but in the lists that can be imported.
            Map.entry("openrouter.ai", "openrouter"),
            Map.entry("api.together.xyz", "togetherai"),
            Map.entry("api.together.ai", "togetherai"),
            Map.entry("api.fireworks.ai", "fireworks-ai"),
            Map.entry("api.deepinfra.com", "deepinfra"),
            Map.entry("api.perplexity.ai", "perplexity"),
            Map.entry("api.cerebras.ai", "cerebras"));

    /** Paths of a vendor's host where a subscription pays, and not the token. */
    private static final List<String> SUBSCRIPTIONS = List.of("api.z.ai/api/coding/", "api.z.ai/api/anthropic/");

    /** What LiteLLM calls a vendor that goes by another name here. */
    private static final Map<String, String> LITELLM = Map.ofEntries(
            Map.entry("gemini", "google"),
            Map.entry("moonshot", "moonshotai"),
            Map.entry("dashscope", "alibaba"),
            Map.entry("cohere_chat", "cohere"),
            Map.entry("text-completion-openai", "openai"),
            Map.entry("azure_text", "azure"),
            Map.entry("azure_ai", "azure"),
            Map.entry("text-completion-codestral", "mistral"),
            Map.entry("codestral", "mistral"),
            Map.entry("together_ai", "togetherai"),
            Map.entry("fireworks_ai", "fireworks-ai"),
            Map.entry("fireworks_ai-embedding-models", "fireworks-ai"));

    private Vendor() {}

    /** Whose public API is at {@code base}; {@code null} when it is nobody's. */
    public static String at(URI base) {
        String host = base.getHost();
        if (host == null || !"https".equalsIgnoreCase(base.getScheme())) {
            return null;
        }
        String lower = host.toLowerCase(Locale.ROOT);
        String place = lower + (base.getPath() == null ? "" : base.getPath()) + '/';
        return SUBSCRIPTIONS.stream().anyMatch(place::startsWith) ? null : HOSTS.get(lower);
    }

    /** Whether some host is {@code name}'s public API. */
    static boolean known(String name) {
        return HOSTS.containsValue(name) || name.equals("azure");
    }

    /** The vendor that LiteLLM means by {@code litellm_provider}. */
    static String ofLiteLlm(String provider) {
        return provider.startsWith("vertex_ai") ? "vertex_ai" : LITELLM.getOrDefault(provider, provider);
    }

    /**
     * The one name of a model that several vendors sell, {@code vendor/model}: what Azure resells has the name that its maker
     * gave it.
     */
    public static String identity(PriceList.Listed listed) {
        if (listed.vendor().equals("azure")) {
            for (String maker : List.of("openai", "anthropic")) {
                if (Catalogue.list().vendors().getOrDefault(maker, Map.of()).containsKey(listed.model())) {
                    return maker + '/' + listed.model();
                }
            }
        }
        return listed.name();
    }

    /**
     * Whether a model is Anthropic's, wherever it is sold: a write to the cache for an hour costs twice the input then.
     *
     * @param name the name sent, or {@code vendor/model}
     */
    static boolean anthropic(String name) {
        return name.startsWith("anthropic/")
                || name.substring(name.lastIndexOf('/') + 1).startsWith("claude-");
    }
}
