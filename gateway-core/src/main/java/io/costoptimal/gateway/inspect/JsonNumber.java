package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.http.WholeNumber;

/**
 * One number, checked against RFC 8259 section 6 byte by byte; of any length, in constant memory. Owned by its scanner's
 * thread.
 */
final class JsonNumber {

    private static final int SIGN = 0;
    private static final int ZERO = 1;
    private static final int INTEGER = 2;
    private static final int POINT = 3;
    private static final int FRACTION = 4;
    private static final int E = 5;
    private static final int E_SIGN = 6;
    private static final int EXPONENT = 7;
    private static final int OVER = 8;

    private int phase;
    private boolean negative;
    /** What the digits before a point or an exponent say. */
    private long value;

    private final WholeNumber scaled = new WholeNumber();

    /** Begins with a minus or a digit. */
    void begin(byte first) {
        negative = first == '-';
        value = negative ? 0 : first - '0';
        phase = negative ? SIGN : first == '0' ? ZERO : INTEGER;
    }

    /** Goes on from {@code i} and returns where the number ends, or {@code to} when that is not known yet. */
    int skip(byte[] a, int i, int to) {
        int at = phase == INTEGER ? digits(a, i, to) : i;
        while (at < to) {
            int next = next(phase, a[at]);
            if (next == OVER) {
                return at;
            }
            if (next == INTEGER) {
                at = digits(a, at, to);
            } else {
                scale(next, a[at]);
                at++;
            }
            phase = next;
        }
        return at;
    }

    private void scale(int next, byte b) {
        if (phase > INTEGER) {
            scaled.add(b);
        } else if (next > INTEGER) {
            scaled.begin(value, b);
        }
    }

    private int digits(byte[] a, int i, int to) {
        long read = value;
        int at = i;
        while (at < to && a[at] >= '0' && a[at] <= '9') {
            int digit = a[at++] - '0';
            read = read < Long.MAX_VALUE / 10 ? read * 10 + digit : Long.MAX_VALUE;
        }
        value = read;
        return at;
    }

    private static int next(int phase, byte b) {
        boolean digit = b >= '0' && b <= '9';
        return switch (phase) {
            case SIGN -> digit ? b == '0' ? ZERO : INTEGER : OVER;
            case ZERO -> b == '.' ? POINT : isE(b) ? E : OVER;
            case INTEGER -> digit ? INTEGER : b == '.' ? POINT : isE(b) ? E : OVER;
            case POINT -> digit ? FRACTION : OVER;
            case FRACTION -> digit ? FRACTION : isE(b) ? E : OVER;
            case E -> digit ? EXPONENT : b == '+' || b == '-' ? E_SIGN : OVER;
            default -> digit ? EXPONENT : OVER;
        };
    }

    private static boolean isE(byte b) {
        return b == 'e' || b == 'E';
    }

    /** Whether the number may end here, followed by {@code after}: {@code 01} and {@code 1.2.3} are not two numbers. */
    boolean endsBefore(byte after) {
        boolean complete = phase == ZERO || phase == INTEGER || phase == FRACTION || phase == EXPONENT;
        return complete
                && !(after >= '0' && after <= '9' || after == '.' || after == '+' || after == '-' || isE(after));
    }

    /**
     * The value of a whole number that is not negative, at most {@link Long#MAX_VALUE}; -1 for any other number. How it is
     * written does not matter: {@code 4000.0} and {@code 4e3} are 4000.
     */
    long whole() {
        if (negative) {
            return WholeNumber.NONE;
        }
        return phase == ZERO || phase == INTEGER ? value : scaled.value();
    }
}
