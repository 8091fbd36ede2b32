package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.server.prices.Usd;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a number in the file counts, how it is written and how it is shown. */
enum Unit {
    /** A plain number. */
    COUNT("a number", "") {
        @Override
        long factor(String suffix) {
            return suffix.isEmpty() ? 1 : 0;
        }

        @Override
        String show(long value) {
            return Long.toString(value);
        }
    },

    /** Nano-dollars, written as dollars: {@code 2.50}. */
    USD("dollars such as 2.50", "") {
        @Override
        long parse(String text) {
            return Usd.parse(text);
        }

        @Override
        long factor(String suffix) {
            return 0;
        }

        @Override
        String show(long value) {
            return Usd.show(value);
        }
    },

    /** Millionths, written as the number that something is multiplied by: {@code 0.5}. */
    FACTOR("a number such as 0.5", "") {
        @Override
        long parse(String text) {
            if (!DECIMAL.matcher(text).matches()) {
                throw new IllegalArgumentException("a number such as 0.5, with at most six decimals");
            }
            return new BigDecimal(text).movePointRight(MILLIONTHS).longValueExact();
        }

        @Override
        long factor(String suffix) {
            return 0;
        }

        @Override
        String show(long value) {
            return BigDecimal.valueOf(value, MILLIONTHS).stripTrailingZeros().toPlainString();
        }
    },

    /** Bytes; {@code 32mb} is 32 x 1024 x 1024. */
    BYTES("a size such as 4096, 64kb, 32mb or 1gb", "b") {
        @Override
        long factor(String suffix) {
            return switch (suffix) {
                case "", "b" -> 1;
                case "kb" -> 1L << 10;
                case "mb" -> 1L << 20;
                case "gb" -> 1L << 30;
                default -> 0;
            };
        }

        @Override
        String show(long value) {
            return inLargest(value, "gb", "mb", "kb");
        }
    },

    /** Milliseconds; a number without a unit is seconds. */
    MILLIS("a duration such as 30, 30s, 500ms, 2m or 1h", "ms") {
        @Override
        long factor(String suffix) {
            return switch (suffix) {
                case "ms" -> 1;
                case "", "s" -> 1_000;
                case "m" -> 60_000;
                case "h" -> 3_600_000;
                default -> 0;
            };
        }

        @Override
        String show(long value) {
            return inLargest(value, "h", "m", "s");
        }
    };

    /** No leading zeros, signs, points or underscores: {@code 0123}, {@code 1_000} and {@code 12:30} are mistakes. */
    private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,12})([a-zA-Z]{0,2})");

    private static final Pattern DECIMAL = Pattern.compile("[0-9]{1,9}(\\.[0-9]{1,6})?");

    private static final int MILLIONTHS = 6;

    private final String expected;
    private final String smallest;

    Unit(String expected, String smallest) {
        this.expected = expected;
        this.smallest = smallest;
    }

    /** Whether numbers are written without a unit, and so never in quotes. */
    boolean plain() {
        return this == COUNT || this == USD || this == FACTOR;
    }

    /** What to write, for messages. */
    String expected() {
        return expected;
    }

    /**
     * Reads {@code text}; -1 when it is not of the form {@link #expected()} describes; what is too large saturates.
     *
     * @throws IllegalArgumentException saying more precisely what was expected
     */
    long parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return -1;
        }
        long factor = factor(form.group(2).toLowerCase(Locale.ROOT));
        if (factor == 0) {
            return -1;
        }
        long number = Long.parseLong(form.group(1));
        return number > Long.MAX_VALUE / factor ? Long.MAX_VALUE : number * factor;
    }

    /** Writes {@code value} as {@link #parse} reads it, in the largest unit that leaves it whole. */
    abstract String show(long value);

    /** What one of {@code suffix} is worth; 0 when there is no such suffix. */
    abstract long factor(String suffix);

    final String inLargest(long value, String... suffixes) {
        for (String suffix : suffixes) {
            long factor = factor(suffix);
            if (value >= factor && value % factor == 0) {
                return value / factor + suffix;
            }
        }
        return value + smallest;
    }
}
