package io.costoptimal.gateway.server.prices;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.regex.Pattern;

/** Dollars as text and as whole nano-dollars, of which a dollar has 1,000,000,000. Exact; never a floating-point number. Stateless. */
public final class Usd {

    /** Decimals of a dollar that a nano-dollar is. */
    private static final int NANO = 9;

    /** Decimals that a price for one token has more than one for a million. */
    private static final int MILLION = 6;

    private static final Pattern PLAIN = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,40})?");

    /** JSON's numbers that are not negative, of a length that nobody can make slow. */
    private static final Pattern WITH_EXPONENT = Pattern.compile("[0-9]{1,12}(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,2})?");

    private Usd() {}

    /**
     * Reads an amount that a person wrote: digits, and up to nine decimals behind a point.
     *
     * @return nano-dollars
     * @throws IllegalArgumentException saying what was expected
     */
    public static long parse(String text) {
        if (!PLAIN.matcher(text).matches()) {
            throw new IllegalArgumentException("dollars such as 2.50");
        }
        try {
            return new BigDecimal(text).movePointRight(NANO).longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("dollars such as 2.50, with at most nine decimals", e);
        }
    }

    /**
     * Reads a price for a million tokens out of somebody's JSON, where it may have an exponent. What is finer than a
     * nano-dollar is rounded half up: such digits come from whoever calculated with floating-point numbers.
     *
     * @return nano-dollars for a million tokens
     * @throws IllegalArgumentException saying what was expected
     */
    static long perMillion(String number) {
        return rounded(number, NANO);
    }

    /** Like {@link #perMillion}, for a price for one token: {@code 1.5e-07} is 0.15 dollars for a million. */
    static long perToken(String number) {
        return rounded(number, NANO + MILLION);
    }

    private static long rounded(String number, int places) {
        if (!WITH_EXPONENT.matcher(number).matches()) {
            throw new IllegalArgumentException("a number of dollars, not negative");
        }
        BigDecimal nanos = new BigDecimal(number).movePointRight(places).setScale(0, RoundingMode.HALF_UP);
        try {
            return nanos.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("fewer dollars", e);
        }
    }

    /** Writes nano-dollars as {@link #parse} reads them, without zeros at the end. */
    public static String show(long nanos) {
        return BigDecimal.valueOf(nanos, NANO).stripTrailingZeros().toPlainString();
    }
}
