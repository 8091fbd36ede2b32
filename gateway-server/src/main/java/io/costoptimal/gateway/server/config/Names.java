package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.http.PathRules;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The forms that texts of the file must have; each method throws {@link IllegalArgumentException} saying which. */
final class Names {

    private static final Pattern ID = Pattern.compile("[\\p{L}\\p{N}][\\p{L}\\p{N} ._:/@+-]{0,127}");
    private static final Pattern MODEL = Pattern.compile("[^\\p{Cntrl}]{1,256}");
    private static final Pattern SENTENCE = Pattern.compile("(?=.*\\S)[^\\p{Cntrl}]{1,500}");

    private Names() {}

    /** A name that goes into logs, metrics and messages. */
    static String id(String text) {
        return check(
                text, ID, "letters, digits, spaces and . _ : / @ + -, at most 128, beginning with a letter or digit");
    }

    /** A model name, whatever its vendor put in it, or a wildcard for several. */
    static String model(String text) {
        check(text, MODEL, "1 to 256 characters, no control characters");
        if (PathRules.hasDotSegment(text)) {
            throw new IllegalArgumentException("a name without . or .. between slashes");
        }
        return text;
    }

    /** The name of one model. */
    static String oneModel(String text) {
        if (ModelPattern.isWildcard(text)) {
            throw new IllegalArgumentException("one name; * has no meaning here");
        }
        return model(text);
    }

    /** What a client is told. */
    static String sentence(String text) {
        return check(text, SENTENCE, "1 to 500 characters on one line");
    }

    /** The constant of {@code type} that {@code text} names in lower case. */
    static <E extends Enum<E>> E choice(String text, Class<E> type) {
        return choice(
                text,
                List.of(type.getEnumConstants()),
                constant -> constant.name().toLowerCase(Locale.ROOT));
    }

    /** The one of {@code all} whose {@code word} is {@code text}. */
    static <T> T choice(String text, List<T> all, Function<T, String> word) {
        for (T one : all) {
            if (word.apply(one).equals(text)) {
                return one;
            }
        }
        throw new IllegalArgumentException(all.stream().map(word).collect(Collectors.joining(", ")));
    }

    private static String check(String text, Pattern form, String expected) {
        if (!form.matcher(text).matches()) {
            throw new IllegalArgumentException(expected);
        }
        return text;
    }
}
