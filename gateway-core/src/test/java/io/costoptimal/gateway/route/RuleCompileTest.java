package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleCompileTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "TokenCount > 12000",
                "Path == \"/v1/chat/completions\"",
                "Model == \"claude-3-5-sonnet\" && TokenCount < 2000",
                "true",
                "Stream",
                "Stream == true",
                "!(Stream || MaxTokens > 100)",
                "Headers[\"X-Tier\"] == 'gold'",
                "Headers['x-tier'] != nil",
                "string.startsWith(ClientAddress, '10.') || ClientAddress == nil || ClientAddress =~ /192.*/",
                "nil == Headers['x-tier']",
                "Model =~ /^gpt-4.*/",
                "Model =~ /.*-mini$/",
                "Model =~ / .*/",
                "Model =~ /4o.*|9e999999999/",
                "Model =~ /\"[^\"]*/",
                "Path =~ /\\/v1\\/.*/",
                "Model =~ /(gpt-4o|gpt-4\\\\.1|o1|o3|o4)(-(mini|nano|pro))?(-20[0-9]{2}-[0-9]{2}-[0-9]{2})?/",
                "Model =~ /[()|\\[\\]]+\\|+/",
                "Model == '1e999999999'",
                "Model == '#{1+1}'",
                "string.startsWith(Model, 'gpt-') && string.endsWith(Path, 's') || string.contains(Key, 'x')",
                "string.length(Model) > 0x10",
                "TokenCount * 1.5 + MaxTokens > 128e3",
                "(Stream ? TokenCount : MaxTokens) >= -1",
                "(Stream ? 'a' : Model) < 'b'",
                "Stream ? TokenCount > 1 : false",
                "TokenCount / 2 % 3 - -1 == .5e-1 * 20.",
                "TokenCount\n  > 12000\r\n\t&& Stream",
                "9223372036854775807 > TokenCount",
            })
    void acceptsWhatRulesAreMadeOf(String expression) {
        Rule rule = Rule.compile(expression);

        assertThat(rule.expression()).isEqualTo(expression);
        assertThat(rule.usesTokens()).isEqualTo(expression.contains("TokenCount"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                // Types.
                "TokenCount                         ¦ 1 ¦ 1  ¦ the expression is a number",
                "TokenCount + 1                     ¦ 1 ¦ 12 ¦ the expression is a number",
                "Model                              ¦ 1 ¦ 1  ¦ the expression is text",
                "nil                                ¦ 1 ¦ 1  ¦ the expression is nil",
                "Stream ? 'x' : 'y'                 ¦ 1 ¦ 8  ¦ the expression is text",
                "TokenCount > '12'                  ¦ 1 ¦ 12 ¦ '>' does not apply to a number and text",
                "Model > 5                          ¦ 1 ¦ 7  ¦ '>' does not apply to text and a number",
                "Model == 5                         ¦ 1 ¦ 7  ¦ '==' does not apply to text and a number",
                "TokenCount == nil                  ¦ 1 ¦ 12 ¦ '==' does not apply to a number and nil",
                "nil == nil                         ¦ 1 ¦ 5  ¦ '==' does not apply to nil and nil",
                "Headers['a'] < nil                 ¦ 1 ¦ 14 ¦ '<' does not apply to text and nil",
                "Stream < true                      ¦ 1 ¦ 8  ¦ '<' does not apply to a condition and a condition",
                "Stream && TokenCount               ¦ 1 ¦ 8  ¦ '&&' does not apply to a condition and a number",
                "Model || Stream                    ¦ 1 ¦ 7  ¦ '||' does not apply to text and a condition",
                "!Model                             ¦ 1 ¦ 1  ¦ '!' does not apply to text",
                "-Stream == true                    ¦ 1 ¦ 1  ¦ '-' does not apply to a condition",
                "Model + 'x' == 'y'                 ¦ 1 ¦ 7  ¦ '+' does not apply to text and text",
                "TokenCount =~ /1/                  ¦ 1 ¦ 12 ¦ '=~' does not apply to a number",
                "Model =~ Path                      ¦ 1 ¦ 7  ¦ '=~' needs a pattern",
                "Model == /x/                       ¦ 1 ¦ 10 ¦ a pattern stands only to the right",
                "Model ? true : false               ¦ 1 ¦ 7  ¦ '?' needs a condition",
                "Stream ? 1 : 'x'                   ¦ 1 ¦ 8  ¦ the branches of '?:' differ",
                "(Stream ? 1 : 2.5) > 1             ¦ 1 ¦ 9  ¦ the branches of '?:' differ",
                // Names.
                "Missing > 1                        ¦ 1 ¦ 1  ¦ unknown variable 'Missing' (expected: ClientAddress, Hour, ",
                "Stream && (tokencount > 1)         ¦ 1 ¦ 12 ¦ unknown variable 'tokencount'",
                "Headers == 'x'                     ¦ 1 ¦ 1  ¦ Headers needs a name",
                "Headers.x == 'y'                   ¦ 1 ¦ 1  ¦ unknown variable 'Headers.x'",
                "Headers[Model] == 'y'              ¦ 1 ¦ 9  ¦ a header's name must be a text literal",
                "Headers[1] == 'y'                  ¦ 1 ¦ 9  ¦ a header's name must be a text literal",
                "Headers['Authorization'] == 'y'    ¦ 1 ¦ 9  ¦ rules do not see credentials: authorization",
                "Model['x'] == 'y'                  ¦ 1 ¦ 1  ¦ only Headers can be indexed",
                "Headers['x']['y'] == 'z'           ¦ 1 ¦ 1  ¦ only Headers can be indexed",
                "(Stream)['y'] == 'z'               ¦ 1 ¦ 8  ¦ only Headers can be indexed",
                "foo(Model)                         ¦ 1 ¦ 1  ¦ unknown function 'foo' (expected: string.contains, ",
                "string.startsWith(Model)           ¦ 1 ¦ 1  ¦ string.startsWith(text) (expected: text, text)",
                "string.startsWith(Model, 1)        ¦ 1 ¦ 1  ¦ string.startsWith(text, a number)",
                "string.length(Model, Path) > 1     ¦ 1 ¦ 1  ¦ string.length(text, text) (expected: text)",
                "string.length() > 1                ¦ 1 ¦ 1  ¦ string.length() (expected: text)",
                "(Stream)(Model)                    ¦ 1 ¦ 9  ¦ only a function can be called",
                // Ways out of the sandbox.
                "java.lang.System.exit(7)           ¦ 1 ¦ 1  ¦ unknown function 'java.lang.System.exit'",
                "System.exit(0)                     ¦ 1 ¦ 1  ¦ unknown function 'System.exit'",
                "Runtime.getRuntime()               ¦ 1 ¦ 1  ¦ unknown function 'Runtime.getRuntime'",
                "Class.forName('x') == nil          ¦ 1 ¦ 1  ¦ unknown function 'Class.forName'",
                "require('io')                      ¦ 1 ¦ 1  ¦ unknown function 'require'",
                "load('/etc/passwd')                ¦ 1 ¦ 1  ¦ unknown function 'load'",
                "eval('1+1') == 2                   ¦ 1 ¦ 1  ¦ unknown function 'eval'",
                "println('hi')                      ¦ 1 ¦ 1  ¦ unknown function 'println'",
                "repeat(100000000, 1)               ¦ 1 ¦ 1  ¦ unknown function 'repeat'",
                "new java.util.Date()               ¦ 1 ¦ 1  ¦ statements are not allowed",
                "use java.util.*                    ¦ 1 ¦ 1  ¦ statements are not allowed",
                "while(true){}                      ¦ 1 ¦ 1  ¦ statements are not allowed",
                "for i in Model {}                  ¦ 1 ¦ 1  ¦ statements are not allowed",
                "if(true){}                         ¦ 1 ¦ 1  ¦ statements are not allowed",
                "let a = 1                          ¦ 1 ¦ 1  ¦ statements are not allowed",
                "fn f(){f()} f()                    ¦ 1 ¦ 1  ¦ statements are not allowed",
                "return true                        ¦ 1 ¦ 1  ¦ statements are not allowed",
                "try { 1 } catch(e) {}              ¦ 1 ¦ 1  ¦ statements are not allowed",
                "{ true }                           ¦ 1 ¦ 1  ¦ statements are not allowed",
                "(lambda(x) -> x end)(true)         ¦ 1 ¦ 8  ¦ statements are not allowed",
                "Model = 'evil'                     ¦ 1 ¦ 7  ¦ '=' is not allowed (to compare: '==')",
                "Headers['a'] = 'b'                 ¦ 1 ¦ 14 ¦ '=' is not allowed",
                "__env__                            ¦ 1 ¦ 1  ¦ unknown variable '__env__'",
                "__instance__ == nil                ¦ 1 ¦ 1  ¦ unknown variable '__instance__'",
                "Model.class == nil                 ¦ 1 ¦ 1  ¦ unknown variable 'Model.class'",
                "Math.PI > 3                        ¦ 1 ¦ 1  ¦ unknown variable 'Math.PI'",
                "#Model == 'x'                      ¦ 1 ¦ 1  ¦ '#' is not allowed",
                "true ## comment                    ¦ 1 ¦ 6  ¦ '#' is not allowed",
                // Numbers.
                "9N ** 99999 > 1                    ¦ 1 ¦ 1  ¦ malformed number",
                "TokenCount ** 99999 > 1            ¦ 1 ¦ 12 ¦ '**' is not allowed",
                "1e999999999 > 1                    ¦ 1 ¦ 1  ¦ malformed number",
                "TokenCount > 1.5e-999999999        ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > .1e999999999          ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > 1e                    ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > 0xg                   ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > 0x11112222333344445   ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > 3.14M                 ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > 1.2.3                 ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > ٣                     ¦ 1 ¦ 14 ¦ malformed number",
                "TokenCount > 9223372036854775808   ¦ 1 ¦ 14 ¦ number too large",
                // Quotation marks of a word processor.
                "Model == “gpt-4o”                  ¦ 1 ¦ 10 ¦ curly quote “ (expected: straight quotes",
                "Stream and Model == ‘gpt-4o’       ¦ 1 ¦ 21 ¦ curly quote ‘ (expected: straight quotes",
                // Other operators.
                "(TokenCount & 1) == 1              ¦ 1 ¦ 13 ¦ '&' is not allowed",
                "(TokenCount | 1) == 1              ¦ 1 ¦ 13 ¦ '|' is not allowed",
                "(TokenCount ^ 1) == 1              ¦ 1 ¦ 13 ¦ '^' is not allowed",
                "~TokenCount == 1                   ¦ 1 ¦ 1  ¦ '~' is not allowed",
                "TokenCount << 1 > 1                ¦ 1 ¦ 12 ¦ '<<' is not allowed",
                "TokenCount >> 1 > 1                ¦ 1 ¦ 12 ¦ '>>' is not allowed",
                "TokenCount >>> 1 > 1               ¦ 1 ¦ 12 ¦ '>>>' is not allowed",
                "Model == 'x'; true                 ¦ 1 ¦ 13 ¦ ';' is not allowed",
                // Syntax.
                "(TokenCount > 1                    ¦ 1 ¦ 16 ¦ syntax error: insert ')'",
                "> 5                                ¦ 1 ¦ 1  ¦ syntax error: invalid token",
                "&& Stream                          ¦ 1 ¦ 1  ¦ syntax error: invalid token",
                // What was probably meant.
                "TokenCount => 5                    ¦ 1 ¦ 13 ¦ invalid token (expected: >=)",
                "TokenCount <> 5                    ¦ 1 ¦ 13 ¦ invalid token (expected: !=)",
                "Headers['a'] == null               ¦ 1 ¦ 17 ¦ illegal identifier: null (expected: nil)",
                "TokenCount === 5                   ¦ 1 ¦ 14 ¦ invalid token (expected: ==)",
                "TokenCount > 5 AND Stream          ¦ 1 ¦ 16 ¦ unexpected 'AND' (expected: && or and)",
                "Stream OR Stream                   ¦ 1 ¦ 8  ¦ unexpected 'OR' (expected: || or or)",
                "TokenCount > 12,000                ¦ 1 ¦ 16 ¦ unexpected ',' (thousands are written 12_000)",
                "TokenCount > 12 000                ¦ 1 ¦ 17 ¦ unexpected '000' (thousands are written 12_000)",
                "TokenCount > ${LIMIT}              ¦ 1 ¦ 15 ¦ (no variable is replaced in a rule)",
                "Model like 'gpt%'                  ¦ 1 ¦ 7  ¦ (expected: contains, startsWith, endsWith or matches)",
                "model == 'x'                       ¦ 1 ¦ 1  ¦ (nearest: Model; expected: ClientAddress, Hour",
                "Model == gpt-4o                    ¦ 1 ¦ 14 ¦ malformed number (a text stands in quotes)",
                "TokenCount >                       ¦ 1 ¦ 13 ¦ syntax error: illegal token",
                "TokenCount > * 1                   ¦ 1 ¦ 14 ¦ syntax error: invalid token",
                "Stream & true                      ¦ 1 ¦ 8  ¦ '&' is not allowed",
                "Model == 'x                        ¦ 1 ¦ 10 ¦ syntax error: EOF while reading string",
                "Model == '\\q'                     ¦ 1 ¦ 10 ¦ syntax error: Unsupported escape",
                "Model =~ /abc                      ¦ 1 ¦ 10 ¦ the pattern has no end",
                "Model =~ /(abc/                    ¦ 1 ¦ 15 ¦ malformed pattern: Unclosed group",
                "Model =~ /(?:){2000000000}/        ¦ 1 ¦ 10 ¦ the pattern repeats more than 2048 times",
                "Model =~ /g(a*|b*)(a*|b*)(a*|b*)(a*|b*)(a*|b*)(a*|b*)(a*|b*)(a*|b*)(a*|b*)(a*|b*)c/ ¦ 1 ¦ 10 ¦ more than 1000 ways",
                "Model =~ /\\Q[\\E(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*c/ ¦ 1 ¦ 10 ¦ more than 1000 ways",
                "Model =~ /(?ix)(a*) ?/             ¦ 1 ¦ 10 ¦ the flag 'x' is not allowed",
                "Model =~ /(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*(a*)?(a*)*c/ ¦ 1 ¦ 10 ¦ more than 1000 ways",
                "Model =~ /(a*|b*|(c*|d*|(e*|f*|(g*|h*|(i*|j*|(k*|l*|(m*|n*|o*)))))))/ ¦ 1 ¦ 10 ¦ more than 1000 ways",
                "end                                ¦ 1 ¦ 1  ¦ syntax error: unexpected 'end'",
                "Stream ? true                      ¦ 1 ¦ 14 ¦ syntax error: expect ':'",
            })
    void refusesWithLineAndColumn(String expression, int line, int column, String message) {
        Asking.assertRefused(expression, line, column, message);
    }

    @Test
    void pointsIntoLaterLines() {
        RuleException refused = catchThrowableOfType(
                RuleException.class, () -> Rule.compile("TokenCount >\n  12 &&\n  Model == 'a\nb' && Foo"));

        assertThat(refused.line()).isEqualTo(4);
        assertThat(refused.column()).isEqualTo(7);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "   ", "\n", "Model == 'a\uFFFF'", "Model\u0000 == 'a'", "true\uFFFF && broken(("})
    void refusesWhatTheLexerWouldMisread(String expression) {
        assertThat(catchThrowableOfType(RuleException.class, () -> Rule.compile(expression)))
                .isNotNull();
    }

    /** Each of these hangs the plain compiler, overflows its stack or takes it seconds. */
    @Test
    void refusesWhatIsTooLargeAtOnce() {
        String[] expressions = {
            "Stream".concat(" && Stream".repeat(3000)),
            "Stream".concat(" && Stream".repeat(400)),
            "(".repeat(3000).concat("Stream").concat(")".repeat(3000)).substring(0, 4000),
            "(".repeat(51).concat("Stream").concat(")".repeat(51)),
            "!".repeat(3000).concat("Stream"),
            "-".repeat(3000).concat("1 > 0"),
            "Stream ? true : ".repeat(200).concat("false"),
            "Headers[".repeat(400).concat("'x'"),
            "Model =~ /"
                    .concat("(".repeat(2000))
                    .concat("a")
                    .concat(")".repeat(2000))
                    .concat("/"),
        };

        for (String expression : expressions) {
            Assertions.assertTimeoutPreemptively(
                    Duration.ofMinutes(1),
                    () -> assertThat(catchThrowableOfType(RuleException.class, () -> Rule.compile(expression)))
                            .as(expression)
                            .isNotNull());
        }
    }

    @Test
    void compilesALongButReasonableRule() {
        Rule rule = Rule.compile("Model == 'a'".concat(" || Model == 'bbbb'".repeat(120)));

        assertThat(rule.evaluate(Asking.model("bbbb"), new ScriptedTokens(1, 0, 9)))
                .isEqualTo(Verdict.TRUE);
    }
}
