package io.costoptimal.gateway.server.prices;

import java.time.LocalDate;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Prices by vendor and model: the catalogue in the jar, or a file. Immutable.
 *
 * @param origin what rows of the ledger call it, without the date: {@code catalogue} or {@code file:NAME}
 * @param date the day it was written
 * @param vendors by vendor, then by the vendor's name for the model
 */
public record PriceList(String origin, LocalDate date, Map<String, Map<String, Tariff>> vendors) {

    /**
     * A model of a list.
     *
     * @param vendor who sells it
     * @param model the vendor's name for it, as the list has it
     * @param tariff what it costs
     */
    public record Listed(String vendor, String model, Tariff tariff) {

        /** {@code vendor/model}. */
        public String name() {
            return vendor + '/' + model;
        }
    }

    public PriceList {
        Map<String, Map<String, Tariff>> copy = new LinkedHashMap<>();
        vendors.forEach((vendor, models) -> copy.put(vendor, Collections.unmodifiableMap(new LinkedHashMap<>(models))));
        vendors = Collections.unmodifiableMap(copy);
    }

    /** What the rows of the ledger that were priced by this list say: origin and date. */
    public String version() {
        return origin + '@' + date;
    }

    /** Number of models. */
    public int size() {
        return vendors.values().stream().mapToInt(Map::size).sum();
    }

    /**
     * What {@code vendor} takes for {@code model}. A dated snapshot that is not in the list costs what the model without the
     * date costs.
     *
     * @return {@code null} when the list does not say
     */
    public Listed find(String vendor, String model) {
        Map<String, Tariff> models = vendors.getOrDefault(vendor, Map.of());
        Tariff tariff = models.get(model);
        if (tariff != null) {
            return new Listed(vendor, model, tariff);
        }
        int end = OfProvider.undated(model);
        String undated = end < 0 ? model : model.substring(0, end);
        return models.containsKey(undated) ? new Listed(vendor, undated, models.get(undated)) : null;
    }

    /** Every model as {@code vendor/model}, in alphabetical order. */
    public Set<String> names() {
        Set<String> names = new TreeSet<>();
        vendors.forEach((vendor, models) -> models.keySet().forEach(model -> names.add(vendor + '/' + model)));
        return names;
    }
}
