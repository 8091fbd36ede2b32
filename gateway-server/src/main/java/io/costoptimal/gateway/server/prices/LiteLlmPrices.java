package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.TokenClass;
import java.math.BigDecimal;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads LiteLLM's {@code model_prices_and_context_window.json}: an object by model, prices in dollars for one token. Owned by
 * the thread that imports.
 *
 * <p>Prices for batches, for other service tiers and for what is not tokens (pixels, seconds, searches) are passed by.
 */
final class LiteLlmPrices {

    private static final Map<String, TokenClass> COSTS = Map.of(
            "input_cost_per_token", TokenClass.INPUT,
            "output_cost_per_token", TokenClass.OUTPUT,
            "output_cost_per_reasoning_token", TokenClass.REASONING,
            "cache_read_input_token_cost", TokenClass.CACHED_INPUT,
            "cache_creation_input_token_cost", TokenClass.CACHE_WRITE,
            "cache_creation_input_token_cost_above_1hr", TokenClass.CACHE_WRITE_1H,
            "input_cost_per_audio_token", TokenClass.AUDIO_INPUT,
            "output_cost_per_audio_token", TokenClass.AUDIO_OUTPUT);

    private static final Pattern TIER = Pattern.compile("(.+)_above_([0-9]{1,6})k_tokens");

    /** What answers without output tokens. */
    private static final Set<String> WITHOUT_OUTPUT = Set.of("embedding", "rerank", "moderation");

    private final PriceImport into;

    LiteLlmPrices(PriceImport into) {
        this.into = into;
    }

    void read(Map<String, Object> root) {
        root.forEach((key, value) -> {
            // The first entry explains the fields.
            if (!key.equals("sample_spec")) {
                one(key, Json.object(value));
            }
        });
    }

    private void one(String key, Map<String, Object> entry) {
        if (entry == null) {
            into.leaveOut(key, "no object");
            return;
        }
        if (!(entry.get("litellm_provider") instanceof String provider) || provider.isBlank()) {
            into.leaveOut(key, "no litellm_provider");
            return;
        }
        try {
            Map<Long, Map<TokenClass, Long>> above = new HashMap<>();
            Map<TokenClass, Long> base = rates(entry, above);
            if (entry.get("mode") instanceof String mode && WITHOUT_OUTPUT.contains(mode)) {
                base.putIfAbsent(TokenClass.OUTPUT, 0L);
            }
            if (!base.containsKey(TokenClass.INPUT) || !base.containsKey(TokenClass.OUTPUT)) {
                into.unpriced();
                return;
            }
            Tariff tariff = new Tariff(
                    new Rates(PriceImport.withoutFreeWrites(base)),
                    PriceImport.tiers(above),
                    perRequest(entry),
                    PriceImport.tokens(entry, "max_input_tokens"),
                    PriceImport.tokens(entry, "max_output_tokens"));
            into.add(Vendor.ofLiteLlm(provider), model(key, provider), tariff);
        } catch (IllegalArgumentException e) {
            into.leaveOut(key, e.getMessage());
        }
    }

    /** The name that is sent: without the provider that LiteLLM puts before some, {@code vertex_ai/} as well as {@code groq/}. */
    private static String model(String key, String provider) {
        String first = key.substring(0, Math.max(0, key.indexOf('/')));
        boolean provided = !first.isEmpty()
                && provider.startsWith(first)
                && (provider.length() == first.length() || "-_".indexOf(provider.charAt(first.length())) >= 0);
        return provided ? key.substring(first.length() + 1) : key;
    }

    private static Map<TokenClass, Long> rates(Map<String, Object> entry, Map<Long, Map<TokenClass, Long>> above) {
        Map<TokenClass, Long> base = new EnumMap<>(TokenClass.class);
        List<?> ranges = entry.get("tiered_pricing") instanceof List<?> list ? list : List.of();
        for (Object range : ranges) {
            range(Json.object(range), base, above);
        }
        for (String key : entry.keySet()) {
            Matcher tier = TIER.matcher(key);
            TokenClass kind = COSTS.get(tier.matches() ? tier.group(1) : key);
            String number = kind == null ? null : PriceImport.number(entry, key);
            if (number != null) {
                long above1000 = tier.matches() ? Long.parseLong(tier.group(2)) : 0;
                Map<TokenClass, Long> rates = above1000 == 0 ? base : tier(above, above1000 * 1_000);
                rates.put(kind, dollars(key, number));
            }
        }
        return base;
    }

    /** A range of {@code tiered_pricing}: {@code {"range": [from, to], ...}}, the first from 0. */
    private static void range(
            Map<String, Object> range, Map<TokenClass, Long> base, Map<Long, Map<TokenClass, Long>> above) {
        if (range == null
                || !(range.get("range") instanceof List<?> ends)
                || ends.isEmpty()
                || !(ends.get(0) instanceof Json.Number from)
                || !from.digits().matches("[0-9]{1,9}(\\.0+)?([eE][+]?[0-9])?")) {
            throw new IllegalArgumentException("tiered_pricing: no range of tokens");
        }
        long start = new BigDecimal(from.digits()).longValueExact();
        Map<TokenClass, Long> rates = start == 0 ? base : tier(above, start);
        COSTS.forEach((key, kind) -> {
            String number = PriceImport.number(range, key);
            if (number != null) {
                rates.put(kind, dollars(key, number));
            }
        });
    }

    private static Map<TokenClass, Long> tier(Map<Long, Map<TokenClass, Long>> above, long tokens) {
        return above.computeIfAbsent(tokens, each -> new EnumMap<>(TokenClass.class));
    }

    private static long perRequest(Map<String, Object> entry) {
        String number = PriceImport.number(entry, "input_cost_per_request");
        return number == null ? 0 : dollarsOnce("input_cost_per_request", number);
    }

    private static long dollars(String key, String number) {
        try {
            return Usd.perToken(number);
        } catch (IllegalArgumentException e) {
            throw expected(key, number, e);
        }
    }

    private static long dollarsOnce(String key, String number) {
        try {
            return Usd.perMillion(number);
        } catch (IllegalArgumentException e) {
            throw expected(key, number, e);
        }
    }

    private static IllegalArgumentException expected(String key, String number, IllegalArgumentException e) {
        return new IllegalArgumentException(
                key + ": " + PriceNames.oneLine(number) + " (expected: " + e.getMessage() + ")", e);
    }
}
