package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However YAML lets a rule be written, what is wrong with it is found where it stands in the file. */
class RulePlaceTest {

    /** The word that is wrong; each row holds it once. */
    private static final String WRONG = "Tokens";

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Tokens > 1",
                "Stream && Tokens > 1",
                "'Model == ''a'' && Tokens > 1'",
                "\"Model == \\\"a\\\" && Tokens > 1\"",
                "\"Model == \\u0022a\\x22\\t&& Tokens > 1\"",
                "|\n          Stream\n          && Tokens > 1\n",
                "|-  # a comment\n\n            Stream &&\n              Tokens > 1\n",
                ">\n          Stream &&\n          (!Stream\n          || Tokens > 1)\n",
                "Stream\n          && Tokens > 1",
                "'Stream\n\n          && Tokens > 1'",
                "\"Stream \\\n          && Tokens > 1\"",
            })
    void findsTheWord(String rule) {
        String yaml = LEAST + "models:\n  - model: m\n    rules:\n      - providers: [a]\n        rule: " + rule + "\n";
        int at = yaml.indexOf(WRONG);
        String before = yaml.substring(0, at);
        long line = before.lines().count();
        int col = at - before.lastIndexOf('\n');

        assertThat(Configs.problems(yaml))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:" + line + ":" + col + ": rule: ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"(TokenCount > 1 | 7:30", "TokenCount | 7:15", "TokenCount > '12' | 7:26"})
    void findsWhatIsMissingOrOfTheWrongType(String rule, String place) {
        String yaml = LEAST + "models:\n  - model: m\n    rules:\n      - providers: [a]\n        rule: " + rule + "\n";

        assertThat(Configs.problems(yaml)).singleElement().asString().startsWith("gateway.yaml:" + place + ": rule: ");
    }
}
