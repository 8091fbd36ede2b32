package io.costoptimal.gateway.server.prices;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What {@code price_as} says: whose list price holds. Immutable.
 *
 * @param vendor as lists of prices call it
 * @param model the vendor's name for the model; {@code null} for the name that is sent
 */
public record PriceAs(String vendor, String model) {

    private static final String EVERY = "*";
    private static final Pattern FORM = Pattern.compile("([^/*\\s]+)/([^*\\s][^*]*|\\*)");

    /**
     * Reads {@code vendor/model}, or {@code vendor/*} for a provider that has a vendor's models under the vendor's names.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    public static PriceAs parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException("vendor/model, or vendor/* for the vendor's own names");
        }
        return new PriceAs(form.group(1), form.group(2).equals(EVERY) ? null : form.group(2));
    }

    /** As {@link #parse} reads it. */
    @Override
    public String toString() {
        return vendor + '/' + (model == null ? EVERY : model);
    }
}
