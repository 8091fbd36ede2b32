package io.costoptimal.gateway.server.metrics;

import java.util.Locale;

/** Label values: words of ours, never a client's. Stateless. */
final class Words {

    /** Provider of an exchange that reached none. */
    static final String NONE = "none";

    /** A model that no configured entry names, or an operation that the gateway does not serve. */
    static final String OTHER = "other";

    /** Counted under this is what has no configured name; no configured name is empty. */
    static final String UNNAMED = "";

    /** Number of {@linkplain #statusClass classes}. */
    static final int STATUS_CLASSES = 6;

    private Words() {}

    /** The label value for a provider's id, or for {@link #UNNAMED}. */
    static String provider(String id) {
        return label(id, NONE);
    }

    /** The label value for a configured model, or for {@link #UNNAMED}. */
    static String model(String entry) {
        return label(entry, OTHER);
    }

    /**
     * A configured name that reads like {@code word} gets an underscore at its end, and so does one that has such underscores
     * already: no two names share a series.
     */
    private static String label(String name, String word) {
        if (name.equals(UNNAMED)) {
            return word;
        }
        return name.startsWith(word) && name.substring(word.length()).chars().allMatch(c -> c == '_')
                ? name + '_'
                : name;
    }

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
