package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rules in the language of the Go original (expr-lang.org) mean here what they mean there. */
class ExprRuleTest {

    private static final RoutingFacts FACTS =
            Asking.of("gpt-4o-mini", Asking.CHAT, Map.of("x-tier", "gold", "x-name", "Zoë 🙂"));

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                // Logic in words.
                "TokenCount > 18_000 and Path == '/v1/chat/completions'       ¦ 18001 ¦ true",
                "TokenCount > 18_000 and Path == '/v1/chat/completions'       ¦ 18000 ¦ false",
                "TokenCount > 18_000 or Model == \"gpt-4o-mini\"              ¦ 5     ¦ true",
                "not (TokenCount > 18_000)                                    ¦ 5     ¦ true",
                "not Stream and not (Path == '/x')                            ¦ 5     ¦ true",
                "not Stream == true                                           ¦ 5     ¦ true",
                "Stream or TokenCount < 6 and TokenCount > 7                  ¦ 5     ¦ false",
                "(Stream or TokenCount < 6) and TokenCount > 4                ¦ 5     ¦ true",
                "! Stream && TokenCount < 1_0                                 ¦ 5     ¦ true",
                // Lists and ranges.
                "Model in [\"gpt-4o\", 'gpt-4o-mini']                         ¦ 5     ¦ true",
                "Model in ['gpt-4o']                                          ¦ 5     ¦ false",
                "Model in ['gpt-4o-mini',]                                    ¦ 5     ¦ true",
                "Model in []                                                  ¦ 5     ¦ false",
                "Model not in ['gpt-4o', 'o3']                                ¦ 5     ¦ true",
                "not (Model in ['gpt-4o', 'o3'])                              ¦ 5     ¦ true",
                "Model in ['gpt-4o', Model]                                   ¦ 5     ¦ true",
                "TokenCount in [3, 4, 5]                                      ¦ 5     ¦ true",
                "TokenCount in [3, 4]                                         ¦ 5     ¦ false",
                "TokenCount in 1..1_000                                       ¦ 1000  ¦ true",
                "TokenCount in 1..1_000                                       ¦ 1001  ¦ false",
                "TokenCount not in 1..2 + 2                                   ¦ 5     ¦ true",
                "'x-tier' in Headers                                          ¦ 5     ¦ true",
                "'x-none' in Headers                                          ¦ 5     ¦ false",
                // Tests of texts.
                "Model contains '4o'                                          ¦ 5     ¦ true",
                "Model contains ''                                            ¦ 5     ¦ true",
                "Model not contains 'mini'                                    ¦ 5     ¦ false",
                "Model startsWith 'gpt-'                                      ¦ 5     ¦ true",
                "Model endsWith \"-mini\" and Path endsWith 'completions'     ¦ 5     ¦ true",
                "hasPrefix(Model, 'gpt') and hasSuffix(Model, 'mini')         ¦ 5     ¦ true",
                "Headers['x-none'] contains 'a'                               ¦ 5     ¦ false",
                "upper(Model) == 'GPT-4O-MINI' and lower('ABC') == 'abc'      ¦ 5     ¦ true",
                // A pattern is looked for anywhere in the text.
                "Model matches '4o'                                           ¦ 5     ¦ true",
                "Model matches '^4o'                                          ¦ 5     ¦ false",
                "Model matches '^gpt-4'                                       ¦ 5     ¦ true",
                "Model matches 'mini$'                                        ¦ 5     ¦ true",
                "Model matches '^gpt-4o$'                                     ¦ 5     ¦ false",
                "Model matches \"^gpt-\\\\d[a-z](-mini)?$\"                   ¦ 5     ¦ true",
                "Model matches '(?i)GPT'                                      ¦ 5     ¦ true",
                "Model not matches 'claude|gemini'                            ¦ 5     ¦ true",
                "Path matches `^/v1/(chat/)?completions$`                     ¦ 5     ¦ true",
                // Numbers.
                "TokenCount / 2 > 2 and len(Model) > 0                        ¦ 5     ¦ true",
                "TokenCount / 2 == 2.5 and true                               ¦ 5     ¦ true",
                "TokenCount % 2 == 1 and true                                 ¦ 5     ¦ true",
                "TokenCount > 1e+2                                            ¦ 101   ¦ true",
                "TokenCount == 0b101                                          ¦ 5     ¦ true",
                "TokenCount == 0o17                                           ¦ 15    ¦ true",
                "TokenCount == 0x_ff                                          ¦ 255   ¦ true",
                "2 < TokenCount < 9                                           ¦ 5     ¦ true",
                "2 < TokenCount <= 4 < 9                                      ¦ 5     ¦ false",
                "-TokenCount + 1 < -3 and +TokenCount == 5                    ¦ 5     ¦ true",
                // A length counts characters, not UTF-16 units.
                "len(Headers['x-name']) == 5                                  ¦ 5     ¦ true",
                "len(Model) == 11                                             ¦ 5     ¦ true",
                // Choices and defaults.
                "(Stream ? 'a' : Model) contains 'mini'                       ¦ 5     ¦ true",
                "Headers['x-none'] ?? 'none' == 'none'                        ¦ 5     ¦ true",
                "(Headers['x-tier'] ?? 'none') == 'gold'                      ¦ 5     ¦ true",
                // Texts and comments.
                "Model contains \"\\x34\\u006f\\u{2d}\"                       ¦ 5     ¦ true",
                "Model == 'gpt\\0554o-mini' // the small one                  ¦ 5     ¦ true",
                "Model /* which */ contains '4o'                              ¦ 5     ¦ true",
                // Together with what only Aviator has.
                "Model =~ /gpt-.*/ and string.startsWith(Path, '/v1')         ¦ 5     ¦ true",
                "Model =~ /gpt/ or Stream                                     ¦ 5     ¦ false",
                "Model =~ /.*and.*|gpt.*/ and not Stream                      ¦ 5     ¦ true",
            })
    void evaluates(String rule, long count, boolean expected) {
        assertThat(Rule.compile(rule).evaluate(FACTS, TokenSource.bounds(count, count)))
                .isEqualTo(Verdict.of(expected));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "Model contains                             ¦ 1 ¦ 15 ¦ unexpected 'end of the rule'",
                "Model contains 5                           ¦ 1 ¦ 7  ¦ 'contains' does not apply to text and a number",
                "TokenCount contains '5'                    ¦ 1 ¦ 12 ¦ 'contains' does not apply to a number and text",
                "Stream and TokenCount                      ¦ 1 ¦ 8  ¦ '&&' does not apply to a condition and a number",
                "not Model                                  ¦ 1 ¦ 1  ¦ '!' does not apply to text",
                "'gpt' in Model                             ¦ 1 ¦ 7  ¦ (for a part of a text, write: text contains \"part\")",
                "Model in ('a', 'b')                        ¦ 1 ¦ 7  ¦ 'in' needs a list such as [\"a\", \"b\"]",
                "Model in ['a', 5]                          ¦ 1 ¦ 7  ¦ '==' does not apply to text and a number",
                "TokenCount in ['a']                        ¦ 1 ¦ 12 ¦ 'in' does not apply to a number and a list",
                "Model in ['a' 'b']                         ¦ 1 ¦ 15 ¦ unexpected ''b'' (expected: ',')",
                "Model matches Path                         ¦ 1 ¦ 15 ¦ 'matches' needs a pattern that is written out",
                "Model matches '(gpt'                       ¦ 1 ¦ 15 ¦ malformed pattern: Unclosed group",
                "Model matches 'a++'                        ¦ 1 ¦ 15 ¦ malformed pattern: nothing to repeat",
                "Model matches '(?=gpt)'                    ¦ 1 ¦ 15 ¦ malformed pattern: a group that is not understood",
                "Model matches '(a)\\\\1'                   ¦ 1 ¦ 15 ¦ malformed pattern: unknown escape",
                "Model matches 'x{2000}'                    ¦ 1 ¦ 15 ¦ malformed pattern: more than 1000 repetitions",
                "len(TokenCount) > 1                        ¦ 1 ¦ 1  ¦ len(a number) (expected: text)",
                "trim(Model) contains 'x'                   ¦ 1 ¦ 1  ¦ unknown function 'trim'",
                "Stream and Tokens > 1                      ¦ 1 ¦ 12 ¦ unknown variable 'Tokens'",
                "Model not == 'x'                           ¦ 1 ¦ 11 ¦ unexpected '=='",
                "Model contains 'x' | lower()               ¦ 1 ¦ 20 ¦ unexpected '|' (to call a function, write its",
                "TokenCount ^ 2 > 5 and Stream              ¦ 1 ¦ 12 ¦ '^' is not allowed",
                "Stream and TokenCount ^ 2 > 5              ¦ 1 ¦ 23 ¦ unexpected '^' (rules have no powers)",
                "Headers?.tier contains 'x'                 ¦ 1 ¦ 8  ¦ unexpected '?.' (a header is Headers[\"name\"])",
                "Stream and Model = 'x'                     ¦ 1 ¦ 18 ¦ unexpected '=' (to compare: '==')",
                "Model contains 'x                          ¦ 1 ¦ 16 ¦ the text has no closing '",
                "Model contains `x                          ¦ 1 ¦ 16 ¦ the text has no closing",
                "Model contains '\\q'                       ¦ 1 ¦ 17 ¦ unknown escape sequence",
                "Stream and TokenCount > 12_000x            ¦ 1 ¦ 25 ¦ malformed or too large number",
                "Stream and 'x' =~ /abc                     ¦ 1 ¦ 19 ¦ the pattern has no end",
                "'authorization' in Headers                 ¦ 1 ¦ 1  ¦ rules do not see credentials",
                // 2.5 is in no range of Expr's.
                "TokenCount / 2 in 1000..2000               ¦ 1 ¦ 16 ¦ 'in' with a range needs whole numbers",
                "TokenCount in 1..2.5                       ¦ 1 ¦ 12 ¦ 'in' with a range needs whole numbers",
                "Model in 1..2                              ¦ 1 ¦ 7  ¦ 'in' with a range needs whole numbers",
                "1 < Model < 9                              ¦ 1 ¦ 3  ¦ '<' does not apply to a number and text",
                // What was probably meant.
                "not TokenCount > 5                         ¦ 1 ¦ 1  ¦ (put a comparison behind it into parentheses)",
                "Stream and tokencount > 5                  ¦ 1 ¦ 12 ¦ (nearest: TokenCount; expected: ClientAddress, Hour",
                "Stream and token_count > 5                 ¦ 1 ¦ 12 ¦ (nearest: TokenCount; expected: ClientAddress, Hour",
                "Stream and Model == gpt-mini               ¦ 1 ¦ 21 ¦ (a text stands in quotes; expected: ClientAddress, Hour",
                "Stream and TokenCount > 5 OR Stream        ¦ 1 ¦ 27 ¦ unexpected 'OR' (expected: || or or)",
                "contains(Model, 'gpt')                     ¦ 1 ¦ 1  ¦ unexpected 'contains' (it stands between two texts",
                "Stream and Model.startsWith('gpt')         ¦ 1 ¦ 12 ¦ (write Model startsWith \"...\"; expected: ",
                "Stream and TokenCount > 12,000             ¦ 1 ¦ 27 ¦ unexpected ',' (thousands are written 12_000)",
                "Stream and Model matches '\\d'           ¦ 1 ¦ 27 ¦ a backslash is written \\\\",
                "Model matches '(?m)^gpt'                   ¦ 1 ¦ 15 ¦ a group that is not understood, such as look-around, or the flags m and U",
            })
    void refusesWithLineAndColumn(String rule, int line, int column, String message) {
        Asking.assertRefused(rule, line, column, message);
    }

    @Test
    void pointsIntoLaterLines() {
        RuleException refused = catchThrowableOfType(
                RuleException.class, () -> Rule.compile("Stream and\n  Model in [\n    'a',\n    Foo\n  ]"));

        assertThat(refused.line() + ":" + refused.column()).isEqualTo("4:5");
    }

    /** The same text is a rule in both languages; what Aviator makes of it stays. */
    @Test
    void dividesAsAviatorDoesWhereTheRuleIsAviatorsToo() {
        assertThat(Rule.compile("TokenCount / 2 > 2").evaluate(FACTS, TokenSource.bounds(5, 5)))
                .isEqualTo(Verdict.FALSE);
    }

    @Test
    void countsNoFurtherThanTheComparisonNeeds() {
        Rule rule = Rule.compile("Model contains 'mini' and TokenCount not in 1..2_000");

        assertThat(rule.evaluate(FACTS, TokenSource.bounds(5000, 9000))).isEqualTo(Verdict.TRUE);
        assertThat(rule.evaluate(FACTS, TokenSource.bounds(5, 900))).isEqualTo(Verdict.FALSE);
        assertThat(rule.evaluate(FACTS, TokenSource.bounds(5, 9000))).isEqualTo(Verdict.UNKNOWN);
        assertThat(rule.evaluate(Asking.model("o3"), TokenSource.bounds(5, 9000)))
                .isEqualTo(Verdict.FALSE);
    }

    @Test
    void refusesWhatIsTooLargeAtOnce() {
        String[] rules = {
            "not ".repeat(1000) + "Stream",
            "Stream".concat(" and Stream".repeat(300)),
            "Stream and " + "(".repeat(51) + "Stream" + ")".repeat(51),
            "Stream and " + "Model in [[".repeat(60) + "'a'",
            "not Stream ? true : ".repeat(100) + "false",
            "Model matches '" + "(".repeat(1500) + "a" + ")".repeat(1500) + "'",
            "Model matches '(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*c'",
            "1 < " + "TokenCount < ".repeat(300) + "2",
            // What is compared twice is evaluated twice, so each level doubles the work.
            "(".repeat(20) + "TokenCount" + " in 1..2 ? 1 : 2)".repeat(20) + " in 1..2",
            "1 < (".repeat(20) + "TokenCount" + " < 3 ? 1 : 2)".repeat(20) + " < 3",
            "(".repeat(5) + "TokenCount" + " in [1, 2, 3, 4, 5, 6] ? 1 : 2)".repeat(5) + " in 1..2",
        };

        for (String rule : rules) {
            assertThat(catchThrowableOfType(RuleException.class, () -> Rule.compile(rule)))
                    .as(rule)
                    .isNotNull();
        }
    }

    @Test
    void stopsASearchThatTakesTooManySteps() {
        Rule rule = Rule.compile("Model matches '(.*g){12}!$'");

        assertThat(catchThrowableOfType(
                        RuleFault.class, () -> rule.evaluate(Asking.model("g".repeat(250)), TokenSource.bounds(5, 5))))
                .isNotNull();
    }
}
