package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.Price;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The prices of one provider by the name sent to it. Immutable once the configuration is loaded, any thread; finding a price
 * that is named allocates nothing.
 */
final class OfProvider {

    private static final int YEAR_MONTH_DAY = 8;
    private static final int WITH_DASHES = 10;

    /** Prices for exactly these names. */
    private final Map<String, Price> own = new HashMap<>();

    /** Prices for all names that fit, in the order of the file. */
    private final List<Wild> wild = new ArrayList<>();

    /** For every name; {@code null} when there is no such price. */
    private Price all;

    /** By the names of the vendor that the provider is, or is priced as. */
    private List<Map<String, Price>> lists = List.of();

    private record Wild(ModelPattern names, Price price) {}

    void own(String model, Price price) {
        own.put(model, price);
    }

    void wild(String pattern, Price price) {
        wild.add(new Wild(new ModelPattern(pattern), price));
    }

    void all(Price price) {
        all = price;
    }

    void lists(List<Map<String, Price>> prices) {
        lists = prices;
    }

    /** Whether every name, or every name of a vendor's, has a price. */
    boolean general() {
        return all != null || !lists.isEmpty();
    }

    /** The price of {@code model}; {@code null} when there is none. */
    Price of(String model) {
        Price price = own.get(model);
        if (price != null) {
            return price;
        }
        for (int i = 0; i < wild.size(); i++) {
            if (wild.get(i).names.matches(model)) {
                return wild.get(i).price;
            }
        }
        return all != null ? all : find(lists, model);
    }

    /**
     * The price of {@code model} in the first of {@code lists} that has it. A dated snapshot that none of them has costs what
     * the model without the date costs.
     */
    static Price find(List<Map<String, Price>> lists, String model) {
        Price price = named(lists, model);
        if (price != null || lists.isEmpty()) {
            return price;
        }
        int end = undated(model);
        return end < 0 ? null : named(lists, model.substring(0, end));
    }

    private static Price named(List<Map<String, Price>> lists, String model) {
        for (int i = 0; i < lists.size(); i++) {
            Price price = lists.get(i).get(model);
            if (price != null) {
                return price;
            }
        }
        return null;
    }

    /** Where the date at the end of {@code model} begins, {@code -2024-11-20} or {@code -20250929}; -1 without one. */
    static int undated(String model) {
        int length = model.length();
        int dashed = length - WITH_DASHES;
        if (dashed > 1 && model.charAt(dashed + 4) == '-' && model.charAt(dashed + 7) == '-') {
            return date(model, dashed, dashed + 5, dashed + 8) ? dashed - 1 : -1;
        }
        int plain = length - YEAR_MONTH_DAY;
        return plain > 1 && date(model, plain, plain + 4, plain + 6) ? plain - 1 : -1;
    }

    /** Whether a year of this century stands at {@code year}, behind a dash, and a month and a day where these are. */
    private static boolean date(String model, int year, int month, int day) {
        return model.charAt(year - 1) == '-'
                && model.startsWith("20", year)
                && digits(model, year + 2)
                && digits(model, month)
                && digits(model, day)
                && model.charAt(month) <= '1'
                && model.charAt(day) <= '3';
    }

    private static boolean digits(String model, int at) {
        return digit(model.charAt(at)) && digit(model.charAt(at + 1));
    }

    private static boolean digit(char c) {
        return c >= '0' && c <= '9';
    }
}
