package io.costoptimal.gateway.http;

/**
 * Tells whether a JSON number with a fraction or an exponent (RFC 8259, 6) is a whole number, and which: {@code 4000.0}
 * and {@code 4e3} are both 4000. The number may arrive in any number of pieces. Confined to one thread; takes constant
 * memory, however long the number is.
 *
 * <p>The caller reads the digits before the point itself and begins here when a point or an {@code e} follows them.
 */
public final class WholeNumber {

    /** No whole number, or no number at all. */
    public static final long NONE = -1;

    /** Larger exponents all mean the same: far too large, or far too small. */
    private static final long MAX_EXPONENT = Integer.MAX_VALUE;

    private enum Part {
        POINT,
        FRACTION,
        E,
        SIGN,
        EXPONENT,
        BROKEN
    }

    private Part part = Part.BROKEN;
    /** All digits up to the last one that is no zero behind the point. */
    private long digits;
    /** How many digits of {@link #digits} stand behind the point. */
    private long fraction;
    /** Zeros behind the point that no other digit has followed yet; they count only if one does. */
    private long zeros;

    private long exponent;
    private boolean negative;

    /**
     * Begins another number.
     *
     * @param integer what its digits before the point say, at most {@link Long#MAX_VALUE}
     * @param next the point, or the {@code e} of either case
     */
    public void begin(long integer, byte next) {
        part = next == '.' ? Part.POINT : Part.E;
        digits = integer;
        fraction = 0;
        zeros = 0;
        exponent = 0;
        negative = false;
    }

    /** Goes on with one byte; what is no part of a number spoils it. */
    public void add(byte c) {
        if (c >= '0' && c <= '9') {
            digit(c - '0');
        } else if (part == Part.FRACTION && (c | 0x20) == 'e') {
            part = Part.E;
        } else if (part == Part.E && (c == '-' || c == '+')) {
            part = Part.SIGN;
            negative = c == '-';
        } else {
            part = Part.BROKEN;
        }
    }

    private void digit(int digit) {
        switch (part) {
            case POINT, FRACTION -> {
                part = Part.FRACTION;
                behindPoint(digit);
            }
            case E, SIGN, EXPONENT -> {
                part = Part.EXPONENT;
                exponent = Math.min(MAX_EXPONENT, exponent * 10 + digit);
            }
            case BROKEN -> {}
        }
    }

    private void behindPoint(int digit) {
        if (digit == 0) {
            zeros++;
            return;
        }
        for (; zeros >= 0; zeros--) {
            digits = timesTen(digits);
            fraction++;
        }
        zeros = 0;
        digits = digits == Long.MAX_VALUE ? digits : digits + digit;
    }

    private static long timesTen(long value) {
        return value < Long.MAX_VALUE / 10 ? value * 10 : Long.MAX_VALUE;
    }

    /**
     * The number's value, when it is whole. One that is too large for a {@code long} is {@link Long#MAX_VALUE}; one that
     * is not whole, or has more digits behind the point than a {@code long} can hold, is {@link #NONE}.
     */
    public long value() {
        if (part != Part.FRACTION && part != Part.EXPONENT) {
            return NONE;
        }
        long value = digits;
        long power = (negative ? -exponent : exponent) - fraction;
        for (; power > 0 && value > 0 && value < Long.MAX_VALUE; power--) {
            value = timesTen(value);
        }
        for (; power < 0 && value > 0; power++) {
            if (value % 10 != 0) {
                return NONE;
            }
            value /= 10;
        }
        return value;
    }
}
