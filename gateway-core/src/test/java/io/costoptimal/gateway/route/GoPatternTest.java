package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds our reading of Go's patterns against a port of Go's own matcher. */
class GoPatternTest {

    private static final String[] PIECES = {
        "a",
        "b",
        "c",
        "-",
        ".",
        "^",
        "$",
        "[ab]",
        "[^a]",
        "[a-c]",
        "[]a]",
        "[[:alpha:]]",
        "[^[:space:]]",
        "[a&&b]",
        "[a^]",
        "(a|b)",
        "(?:ab)",
        "(?i)",
        "(?i:A)",
        "(?s:.)",
        "(?P<n>b)",
        "\\d",
        "\\D",
        "\\w",
        "\\W",
        "\\s",
        "\\S",
        "[\\s\\d]",
        "\\b",
        "\\B",
        "\\A",
        "\\z",
        "\\.",
        "\\-",
        "\\x61",
        "\\x{62}",
        "\\pL",
        "\\p{Lu}",
        "\\PL",
        "\\p{Greek}",
        "\\Qa.\\E",
        "\\t",
        "\\v",
        "{",
        "}",
        "]",
        "|",
        "\n",
        "\u00e9",
        "\ud83d\ude42",
    };
    private static final String[] QUANTIFIERS = {"", "", "", "*", "+", "?", "*?", "{2}", "{1,}", "{0,2}", "{,2}"};
    private static final String[] CHARACTERS = {
        "a",
        "b",
        "c",
        "A",
        "-",
        ".",
        "^",
        "&",
        "{",
        "}",
        "]",
        "1",
        "_",
        " ",
        "\t",
        "\n",
        "\r",
        "\u0085",
        "\u000B",
        "\u03b1",
        "\u00e9",
        "\ud83d\ude42"
    };

    private final Random random = new Random(20261127);

    @Test
    void findsWhatGoFinds() {
        int accepted = 0;
        int found = 0;
        for (int i = 0; i < 20_000; i++) {
            String pattern = pattern();
            com.google.re2j.Pattern oracle = oracle(pattern);
            Pattern ours = ours(pattern);
            if (oracle == null || ours == null) {
                assertThat(ours == null).as(pattern).isEqualTo(oracle == null);
                continue;
            }
            accepted++;
            for (int j = 0; j < 6; j++) {
                String text = text();
                boolean expected = oracle.matcher(text).find();
                found += expected ? 1 : 0;
                assertThat(ours.matcher(text).find())
                        .as(pattern + " in " + text + " as " + ours)
                        .isEqualTo(expected);
            }
        }
        // The test is worth something only if both happen, and often.
        assertThat(accepted).isGreaterThan(10_000);
        assertThat(found).isBetween(accepted, 5 * accepted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"(?=a)", "(?!a)", "(?<=a)", "(?>a)", "\\1", "\\Z", "\\G", "a++", "a**", "*a", "[a", "(a", "a)"})
    void refusesWhatGoRefuses(String pattern) {
        assertThat(oracle(pattern)).as("Go's").isNull();
        assertThat(ours(pattern)).isNull();
    }

    private String pattern() {
        StringBuilder pattern = new StringBuilder();
        int pieces = 1 + random.nextInt(5);
        for (int i = 0; i < pieces; i++) {
            String piece = one(PIECES);
            // The port takes a repeated { for two repetitions, which Go does not; and a flag repeated, which both
            // allow,
            // means nothing and is refused here.
            boolean repeated = !piece.equals("{") && !piece.equals("(?i)");
            pattern.append(piece).append(repeated ? one(QUANTIFIERS) : "");
        }
        return pattern.toString();
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(8); i > 0; i--) {
            text.append(one(CHARACTERS));
        }
        return text.toString();
    }

    private String one(String... of) {
        return List.of(of).get(random.nextInt(of.length));
    }

    private static com.google.re2j.Pattern oracle(String pattern) {
        try {
            return com.google.re2j.Pattern.compile(pattern);
        } catch (com.google.re2j.PatternSyntaxException e) {
            return null;
        }
    }

    private static Pattern ours(String pattern) {
        try {
            return GoPattern.compile(pattern);
        } catch (PatternSyntaxException e) {
            return null;
        }
    }
}
