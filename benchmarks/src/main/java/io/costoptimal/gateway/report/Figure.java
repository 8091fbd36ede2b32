package io.costoptimal.gateway.report;

import java.util.Locale;

/** Numbers as people read them: three digits. Stateless. */
final class Figure {

    private Figure() {}

    /** {@code nanos} nanoseconds in the unit that suits them. */
    static String time(double nanos) {
        if (nanos < 1e3) {
            return digits(nanos) + " ns";
        }
        return nanos < 1e6 ? digits(nanos / 1e3) + " µs" : digits(nanos / 1e6) + " ms";
    }

    static String bytes(double bytes) {
        if (bytes < 0.5) {
            return "0 B";
        }
        return bytes < 10_000 ? Math.round(bytes) + " B" : digits(bytes / 1e3) + " KB";
    }

    static String ratio(double ratio) {
        return ratio < 10 ? String.format(Locale.ROOT, "%.2f", ratio) : digits(ratio);
    }

    /** Without what says nothing: 5 rather than 5.00. */
    static String plain(double value) {
        return digits(value).replaceFirst("\\.0+$|(\\.\\d*[1-9])0+$", "$1");
    }

    static String digits(double value) {
        double size = Math.abs(value);
        if (size >= 100 || size == 0) {
            return String.format(Locale.ROOT, "%,.0f", value);
        }
        return String.format(Locale.ROOT, size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
    }
}
