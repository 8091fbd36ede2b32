package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.TokenClass;
import java.io.IOException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a list of prices out of another project's: LiteLLM's {@code model_prices_and_context_window.json} or the
 * {@code api.json} of models.dev, told apart by their shape. Owned by the thread that imports.
 */
public final class PriceImport {

    private final Map<String, Map<String, Tariff>> vendors = new TreeMap<>();
    private final List<String> leftOut = new ArrayList<>();
    private int unpriced;

    PriceImport() {}

    /**
     * What came out of it.
     *
     * @param source what the file was recognised as
     * @param list the prices, by vendor and model in alphabetical order
     * @param unpriced models that have no price by the token, such as those that make images
     * @param leftOut entries that could not be used, each with the reason
     */
    public record Result(String source, PriceList list, int unpriced, List<String> leftOut) {

        /** The list as {@code prices_file} reads it. */
        public String text() {
            return PriceFileText.of(list, "What models cost, in US dollars for a million tokens; from " + source + '.');
        }
    }

    /**
     * Reads a document.
     *
     * @param date what the list is dated
     * @throws IOException when it is no JSON, or neither of the two
     */
    public static Result read(byte[] document, LocalDate date) throws IOException {
        Map<String, Object> root = Json.object(Json.read(document));
        if (root == null || root.isEmpty()) {
            throw new IOException(
                    "neither LiteLLM's prices nor models.dev's api.json (expected: an object with models)");
        }
        PriceImport into = new PriceImport();
        String source;
        if (isModelsDev(root)) {
            source = "models.dev";
            new ModelsDevPrices(into).read(root);
        } else if (isLiteLlm(root)) {
            source = "LiteLLM";
            new LiteLlmPrices(into).read(root);
        } else {
            throw new IOException("neither LiteLLM's prices (models with litellm_provider) nor models.dev's api.json"
                    + " (vendors with models)");
        }
        return new Result(source, new PriceList("import", date, into.vendors), into.unpriced, into.leftOut);
    }

    private static boolean isModelsDev(Map<String, Object> root) {
        return root.values().stream()
                .map(Json::object)
                .anyMatch(vendor -> vendor != null && Json.object(vendor.get("models")) != null);
    }

    private static boolean isLiteLlm(Map<String, Object> root) {
        return root.values().stream()
                .map(Json::object)
                .anyMatch(model -> model != null && model.containsKey("litellm_provider"));
    }

    /** Takes a model's prices; of two that differ the first stands. */
    void add(String vendor, String model, Tariff tariff) {
        if (!PriceNames.fits(vendor) || !PriceNames.fits(model)) {
            leaveOut(PriceNames.oneLine(vendor + '/' + model), "name (expected: " + PriceNames.EXPECTED + ")");
            return;
        }
        Tariff first = vendors.computeIfAbsent(vendor, name -> new TreeMap<>()).putIfAbsent(model, tariff);
        if (first != null && !first.equals(tariff)) {
            leaveOut(vendor + '/' + model, "a second price that differs from the first");
        }
    }

    /** Counts a model that has no price by the token. */
    void unpriced() {
        unpriced++;
    }

    /** Notes an entry that cannot be used. */
    void leaveOut(String entry, String reason) {
        leftOut.add(PriceNames.oneLine(entry) + ": " + reason);
    }

    /** A number that may stand in quotes; {@code null} when nothing is written. */
    static String number(Map<String, Object> object, String key) {
        Object value = object.get(key);
        if (value == null) {
            return null;
        }
        if (value instanceof Json.Number number) {
            return number.digits();
        }
        if (value instanceof String text) {
            return text.strip();
        }
        throw new IllegalArgumentException(key + ": no number");
    }

    /** A count of tokens; {@link Tariff#UNKNOWN} when it is absent, 0 or more than any model has. */
    static long tokens(Map<String, Object> object, String key) {
        String digits = number(object, key);
        if (digits == null || !digits.matches("[0-9]{1,10}(\\.0+)?")) {
            return Tariff.UNKNOWN;
        }
        int point = digits.indexOf('.');
        long tokens = Long.parseLong(point < 0 ? digits : digits.substring(0, point));
        return tokens < 1 || tokens > Tariff.MAX_TOKENS ? Tariff.UNKNOWN : tokens;
    }

    /** Tiers by rising input. */
    static List<Tariff.Tier> tiers(Map<Long, Map<TokenClass, Long>> above) {
        List<Tariff.Tier> tiers = new ArrayList<>();
        new TreeMap<>(above)
                .forEach((tokens, rates) -> tiers.add(new Tariff.Tier(tokens, new Rates(withoutFreeWrites(rates)))));
        return tiers;
    }

    /** A price that a list gives as 0 because the vendor sells no such thing is no price: input is what is paid then. */
    static Map<TokenClass, Long> withoutFreeWrites(Map<TokenClass, Long> rates) {
        Map<TokenClass, Long> kept = new LinkedHashMap<>(rates);
        if (rates.getOrDefault(TokenClass.INPUT, 0L) > 0) {
            kept.remove(TokenClass.CACHE_WRITE, 0L);
            kept.remove(TokenClass.CACHE_WRITE_1H, 0L);
        }
        return kept;
    }
}
