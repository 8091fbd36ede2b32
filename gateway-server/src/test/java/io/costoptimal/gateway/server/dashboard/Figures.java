package io.costoptimal.gateway.server.dashboard;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;

/**
 * Figures of a table as the page writes them.
 *
 * @param line by column; what is not in it is nothing
 */
record Figures(Map<String, String> line) {

    private static final String NONE = "–";

    /** A column in the unit that its name has. */
    String of(String column) {
        return column.endsWith("_ms") ? millis(column) : column.endsWith("_nano_usd") ? usd(column) : number(column);
    }

    String number(String column) {
        return String.format(Locale.ROOT, "%,d", value(column));
    }

    /** All classes of input. */
    String input() {
        long input = value("input_tokens")
                + value("cached_input_tokens")
                + value("cache_write_tokens")
                + value("cache_write_1h_tokens");
        return String.format(Locale.ROOT, "%,d", input);
    }

    String usd(String column) {
        BigDecimal dollars = BigDecimal.valueOf(value(column), 9);
        BigDecimal size = dollars.abs();
        int digits = size.signum() == 0 || size.compareTo(BigDecimal.ONE) >= 0
                ? 2
                : size.compareTo(new BigDecimal("0.01")) >= 0 ? 4 : 6;
        return (dollars.signum() < 0 ? "−$" : "$")
                + size.setScale(digits, RoundingMode.HALF_UP).toPlainString();
    }

    /** Dollars, or nothing where none of the attempts has a price. */
    String priced(String column) {
        return value("unpriced_attempts") == value("attempts") ? NONE : usd(column);
    }

    String millis(String column) {
        return line.getOrDefault(column, "").isEmpty() ? NONE : line.get(column) + " ms";
    }

    private long value(String column) {
        String value = line.getOrDefault(column, "");
        return value.isEmpty() ? 0 : Long.parseLong(value);
    }
}
