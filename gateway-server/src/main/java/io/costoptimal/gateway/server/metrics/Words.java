package io.costoptimal.gateway.server.metrics;

import java.util.Locale;

/** Label values: words of ours, never a client's. Stateless. */
final class Words {

    /** Provider of an exchange that reached none. */
    static final String NONE = "none";

    /** A model that no configured entry names, or an operation that the gateway does not serve. */
    static final String OTHER = "other";

    /** Number of {@linkplain #statusClass classes}. */
    static final int STATUS_CLASSES = 6;

    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /** 1 to 5 for a status, 0 for none. */
    static int statusClass(int status) {
        return Math.min(STATUS_CLASSES - 1, Math.max(0, status / 100));
    }

    /** {@code 2xx} and the like, or {@code none}. */
    static String status(int statusClass) {
        return statusClass == 0 ? NONE : statusClass + "xx";
    }
}
