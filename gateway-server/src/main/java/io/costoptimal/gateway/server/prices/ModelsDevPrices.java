package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.TokenClass;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads the {@code api.json} of models.dev: vendors, each with {@code models}, whose {@code cost} is in dollars for a million
 * tokens and whose {@code limit} is in tokens. Owned by the thread that imports.
 *
 * <p>{@code context_over_200k} is the older spelling of one tier; where {@code tiers} stand beside it, they count.
 */
final class ModelsDevPrices {

    private static final long OVER_200K = 200_000;

    private static final Map<String, TokenClass> COSTS = Map.of(
            "input", TokenClass.INPUT,
            "output", TokenClass.OUTPUT,
            "reasoning", TokenClass.REASONING,
            "cache_read", TokenClass.CACHED_INPUT,
            "cache_write", TokenClass.CACHE_WRITE,
            "cache_write_1h", TokenClass.CACHE_WRITE_1H,
            "input_audio", TokenClass.AUDIO_INPUT,
            "output_audio", TokenClass.AUDIO_OUTPUT);

    private final PriceImport into;

    ModelsDevPrices(PriceImport into) {
        this.into = into;
    }

    void read(Map<String, Object> root) {
        root.forEach((vendor, value) -> {
            Map<String, Object> object = Json.object(value);
            Map<String, Object> models = object == null ? null : Json.object(object.get("models"));
            if (models == null) {
                into.leaveOut(vendor, "no models");
                return;
            }
            models.forEach((model, entry) -> one(vendor, model, Json.object(entry)));
        });
    }

    private void one(String vendor, String model, Map<String, Object> entry) {
        if (entry == null) {
            into.leaveOut(vendor + '/' + model, "no object");
            return;
        }
        Map<String, Object> cost = Json.object(entry.get("cost"));
        if (cost == null) {
            into.unpriced();
            return;
        }
        try {
            Map<String, Object> limit = Json.object(entry.getOrDefault("limit", Map.of()));
            Map<String, Object> limits = limit == null ? Map.of() : limit;
            Rates base = new Rates(PriceImport.withoutFreeWrites(rates(cost)));
            into.add(
                    vendor,
                    model,
                    new Tariff(
                            base,
                            tiers(cost),
                            0,
                            PriceImport.tokens(limits, "context"),
                            PriceImport.tokens(limits, "output")));
        } catch (IllegalArgumentException e) {
            into.leaveOut(vendor + '/' + model, e.getMessage());
        }
    }

    private static Map<TokenClass, Long> rates(Map<String, Object> cost) {
        Map<TokenClass, Long> rates = new EnumMap<>(TokenClass.class);
        COSTS.forEach((key, kind) -> {
            String number = PriceImport.number(cost, key);
            if (number != null) {
                rates.put(kind, dollars(key, number));
            }
        });
        return rates;
    }

    private static long dollars(String key, String number) {
        try {
            return Usd.perMillion(number);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    key + ": " + PriceNames.oneLine(number) + " (expected: " + e.getMessage() + ")", e);
        }
    }

    private static List<Tariff.Tier> tiers(Map<String, Object> cost) {
        Map<Long, Map<TokenClass, Long>> above = new HashMap<>();
        Map<String, Object> over = Json.object(cost.get("context_over_200k"));
        if (cost.get("tiers") instanceof List<?> list && !list.isEmpty()) {
            for (Object each : list) {
                tier(Json.object(each), above);
            }
        } else if (over != null) {
            above.put(OVER_200K, rates(over));
        }
        return PriceImport.tiers(above);
    }

    private static void tier(Map<String, Object> each, Map<Long, Map<TokenClass, Long>> above) {
        Map<String, Object> tier = each == null ? null : Json.object(each.get("tier"));
        long size = tier == null ? Tariff.UNKNOWN : PriceImport.tokens(tier, "size");
        Object type = tier == null ? null : tier.getOrDefault("type", "context");
        if (size == Tariff.UNKNOWN || !"context".equals(type)) {
            throw new IllegalArgumentException("tiers: one that is not by the size of the context");
        }
        if (above.put(size, rates(each)) != null) {
            throw new IllegalArgumentException("tiers: two above " + size);
        }
    }
}
