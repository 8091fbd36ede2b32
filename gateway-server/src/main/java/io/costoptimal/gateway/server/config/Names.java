package io.costoptimal.gateway.server.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The forms that texts of the file must have; each method throws {@link IllegalArgumentException} saying which. */
final class Names {

    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:/@+-]{0,127}");
    private static final Pattern MODEL = Pattern.compile("[^\\p{Cntrl}]{1,256}");
    private static final Pattern QUERY_VALUE = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final Pattern FIELD_VALUE = Pattern.compile("(?:[\\x21-\\x7E](?:[\\x20-\\x7E\\t]*[\\x21-\\x7E])?)?");

    private Names() {}

    /** A name that goes into logs, metrics and messages. */
    static String id(String text) {
        return check(
                text, ID, "letters, digits, spaces and . _ : / @ + -, at most 128, beginning with a letter or digit");
    }

    /** A model name, whatever its vendor put in it. */
    static String model(String text) {
        return check(text, MODEL, "1 to 256 characters, no control characters");
    }

    /** What may stand in a query without being encoded. */
    static String queryValue(String text) {
        return check(text, QUERY_VALUE, "letters, digits and . _ ~ -, such as 2024-10-21");
    }

    /**
     * The value of a header field: visible ASCII and inner white space (RFC 9110 5.5), so that no value of the file can
     * begin a line of its own (trap 48).
     */
    static String fieldValue(String text) {
        return check(text, FIELD_VALUE, "visible ASCII, no line breaks or surrounding spaces");
    }

    /** Whether {@code text} can name a header field (RFC 9110 5.6.2). */
    static boolean isToken(String text) {
        return TOKEN.matcher(text).matches();
    }

    /** The constant of {@code type} that {@code text} names in lower case. */
    static <E extends Enum<E>> E choice(String text, Class<E> type) {
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(text)) {
                return constant;
            }
        }
        throw new IllegalArgumentException(Arrays.stream(type.getEnumConstants())
                .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                .collect(Collectors.joining(", ")));
    }

    private static String check(String text, Pattern form, String expected) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException(expected);
        }
        return text;
    }
}
