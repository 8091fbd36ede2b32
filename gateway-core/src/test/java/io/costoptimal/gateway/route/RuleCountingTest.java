package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchRuntimeException;

import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RuleCountingTest {

    private static final String MAX = "9223372036854775807";

    /** The request asks for model gpt-4o and 500 tokens as a stream; its count is 100, of which 10..1000 is known. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            emptyValue = "",
            value = {
                // Decided by bounds.
                "TokenCount > 1000                                   ¦ FALSE ¦ ``",
                "TokenCount >= 1001                                  ¦ FALSE ¦ ``",
                "TokenCount >= 10                                    ¦ TRUE  ¦ ``",
                "10 > TokenCount                                     ¦ FALSE ¦ ``",
                "TokenCount != 9                                     ¦ TRUE  ¦ ``",
                "TokenCount + MaxTokens > 1500                       ¦ FALSE ¦ ``",
                "TokenCount + MaxTokens > 505                        ¦ TRUE  ¦ ``",
                "1.5 * TokenCount <= 1500                            ¦ TRUE  ¦ ``",
                "-TokenCount / 2 > -5                                ¦ FALSE ¦ ``",
                "TokenCount - 5 == 2000 - TokenCount                 ¦ FALSE ¦ ``",
                "TokenCount < MaxTokens * 3                          ¦ TRUE  ¦ ``",
                // Decided by the other side.
                "Model == 'x' && TokenCount < 200                    ¦ FALSE ¦ ``",
                "TokenCount < 200 && Model == 'x'                    ¦ FALSE ¦ ``",
                "TokenCount < 200 && Model =~ /^x.*/                 ¦ FALSE ¦ ``",
                "TokenCount > 200 || Stream                          ¦ TRUE  ¦ ``",
                "!(TokenCount > 200 || Stream) && TokenCount > 99    ¦ FALSE ¦ ``",
                "Stream ? MaxTokens == 500 : TokenCount > 99         ¦ TRUE  ¦ ``",
                "TokenCount > 99 && TokenCount > 1000                ¦ FALSE ¦ ``",
                // Counted as far as it takes.
                "TokenCount > 99                                     ¦ TRUE  ¦ 99",
                "TokenCount > 100                                    ¦ FALSE ¦ 100",
                "TokenCount <= 50                                    ¦ FALSE ¦ 50",
                "TokenCount >= 100                                   ¦ TRUE  ¦ 99",
                "TokenCount < 200                                    ¦ TRUE  ¦ 199",
                "50 == TokenCount                                    ¦ FALSE ¦ 50",
                "TokenCount != 100                                   ¦ FALSE ¦ 100",
                "TokenCount > MaxTokens / 10                         ¦ TRUE  ¦ 50",
                "TokenCount > 50 && TokenCount > 60 && Stream        ¦ TRUE  ¦ 50,60",
                "(TokenCount > 50) == (TokenCount > 60)              ¦ TRUE  ¦ 50,60",
                "!(TokenCount > 50 || TokenCount > 60)               ¦ FALSE ¦ 50",
                "TokenCount > 50 ? TokenCount > 60 : false           ¦ TRUE  ¦ 50,60",
                "TokenCount < 20 ? Stream : TokenCount > 100         ¦ FALSE ¦ 19,100",
                // Counted to the end.
                "TokenCount * MaxTokens > 40000                      ¦ TRUE  ¦ MAX",
                "TokenCount % 7 == 2                                 ¦ TRUE  ¦ MAX",
                "TokenCount + MaxTokens > 600                        ¦ FALSE ¦ 100",
                "TokenCount * 0.5 == 50                              ¦ TRUE  ¦ MAX",
                "(TokenCount > 99 ? 'a' : 'b') == 'a'                ¦ TRUE  ¦ MAX",
                "string.startsWith(TokenCount > 99 ? 'a' : 'b', 'a') ¦ TRUE  ¦ MAX",
                "(TokenCount > 99 ? 'a' : 'b') =~ /a/                ¦ TRUE  ¦ MAX",
                "TokenCount < (TokenCount > 99 ? 1 : 2)              ¦ FALSE ¦ MAX",
                // Where the other side may fault, the order is kept.
                "TokenCount > 99 && 1 / MaxTokens > 1                ¦ FALSE ¦ 99",
                "TokenCount > 99 && Model =~ /.*x|y/                 ¦ FALSE ¦ 99",
                // Where arithmetic may wrap around, ends say nothing.
                "TokenCount * 9223372036854775 > 0                   ¦ TRUE  ¦ MAX",
            })
    void countsNoFurtherThanTheAnswerTakes(String expression, Verdict expected, String limits) {
        ScriptedTokens tokens = new ScriptedTokens(100, 10, 1000);
        List<Long> expectedLimits = limits.isEmpty()
                ? List.of()
                : Arrays.stream(limits.replace("MAX", MAX).split(","))
                        .map(Long::valueOf)
                        .toList();

        assertThat(Rule.compile(expression).evaluate(Asking.maxTokens(500), tokens))
                .isEqualTo(expected);
        assertThat(tokens.limits()).isEqualTo(expectedLimits);
    }

    @Test
    void isUnknownWhenBoundsLeaveItOpenAndNobodyCounts() {
        TokenSource bounds = TokenSource.bounds(0, 5000);

        assertThat(Rule.compile("TokenCount > 100").evaluate(Asking.model("x"), bounds))
                .isEqualTo(Verdict.UNKNOWN);
        assertThat(Rule.compile("TokenCount > 5000").evaluate(Asking.model("x"), bounds))
                .isEqualTo(Verdict.FALSE);
    }

    @Test
    void faultsOnlyWhereAFullCountWouldFault() {
        Rule rule = Rule.compile("!(TokenCount > 99 && 1 / (MaxTokens - 500) > 1 && Model == 'x')");
        RuntimeException byCount =
                catchRuntimeException(() -> rule.evaluate(Asking.maxTokens(500), TokenSource.bounds(100, 100)));

        assertThat(byCount).isInstanceOf(RuleFault.class);
        assertThatThrownBy(() -> rule.evaluate(Asking.maxTokens(500), new ScriptedTokens(100, 10, 1000)))
                .isInstanceOf(RuleFault.class);
    }

    @Test
    void doesNotLoopOnASourceThatCountsWithoutLearning() {
        TokenSource stuck = new TokenSource() {
            @Override
            public long low() {
                return 0;
            }

            @Override
            public long high() {
                return 10;
            }

            @Override
            public boolean countPast(long limit) {
                return true;
            }

            @Override
            public boolean counted() {
                return true;
            }
        };

        assertThatThrownBy(() -> Rule.compile("TokenCount > 5").evaluate(Asking.model("x"), stuck))
                .isInstanceOf(IllegalStateException.class);
    }
}
