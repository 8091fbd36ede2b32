package io.costoptimal.gateway.server.prices;

import java.util.regex.Pattern;

/** The form of vendors' and models' names in lists of prices. Stateless. */
final class PriceNames {

    static final String EXPECTED = "1 to 256 characters, no control characters, no blank at either end";

    /** The rest of a longer text is not shown. */
    private static final int SHOWN = 80;

    private static final Pattern NAME = Pattern.compile("(?! )[^\\p{Cntrl}]{1,256}(?<! )");

    private PriceNames() {}

    static boolean fits(String name) {
        return NAME.matcher(name).matches();
    }

    /** {@code text} as a message may carry it. */
    static String oneLine(String text) {
        String cut = text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "...";
        return cut.isEmpty() ? "nothing" : cut.replaceAll("\\p{Cntrl}", " ");
    }
}
