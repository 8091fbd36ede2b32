package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RuleTest {

    private static final RoutingFacts FACTS =
            Asking.of("gpt-4o-mini", Asking.CHAT, Map.of("x-tier", "gold", "x-lines", "gpt-4\nevil"));
    private static final TokenSource THOUSAND = TokenSource.bounds(1000, 1000);

    @ParameterizedTest
    @CsvSource(
            delimiter = '¦',
            quoteCharacter = '`',
            value = {
                "TokenCount > 999                                   ¦ true",
                "1000 < TokenCount                                  ¦ false",
                "Model =~ /^gpt-4.*/                                ¦ true",
                "Model =~ /gpt-4/                                   ¦ false",
                "Model =~ /.*-(mini|nano)/                          ¦ true",
                "Path =~ /\\/v1\\/.*/                               ¦ true",
                "Headers['X-Tier'] == 'gold'                        ¦ true",
                "Headers['x-lines'] =~ /^gpt-4.*/                   ¦ false",
                "Key == 'team'                                      ¦ true",
                "MaxTokens == -1                                    ¦ true",
                "Stream                                             ¦ false",
                // A header that is absent.
                "Headers['x-none'] == nil                           ¦ true",
                "Headers['x-none'] != nil                           ¦ false",
                "Headers['x-none'] == 'gold'                        ¦ false",
                "Headers['x-none'] != 'gold'                        ¦ true",
                "Headers['x-none'] == Headers['x-nothing']          ¦ true",
                "Headers['x-none'] < 'gold'                         ¦ false",
                "Headers['x-none'] >= 'gold'                        ¦ false",
                "Headers['x-none'] =~ /.*/                          ¦ false",
                "Headers['x-none'] =~ /x?/                          ¦ false",
                "string.startsWith(Headers['x-none'], '')           ¦ false",
                "string.contains('gold', Headers['x-none'])         ¦ false",
                "string.length(Headers['x-none']) == 0              ¦ true",
                // Aviator's numbers.
                "7 / 2 == 3                                         ¦ true",
                "-7 / 2 == -3                                       ¦ true",
                "-7 % 3 == -1                                       ¦ true",
                "7 / 2.0 == 3.5                                     ¦ true",
                "9223372036854775807 + 1 < 0                        ¦ true",
                "1 / 0.0 > 9223372036854775807                      ¦ true",
                "0.0 == -0.0                                        ¦ false",
                "0.0 / 0 == 0.0 / 0                                 ¦ true",
                "1 == 1.0                                           ¦ true",
            })
    void evaluates(String expression, boolean expected) {
        assertThat(Rule.compile(expression).evaluate(FACTS, THOUSAND)).isEqualTo(Verdict.of(expected));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1 / (TokenCount - 1000) > 1",
                "5 % string.length(Headers['x-none']) == 1",
                "Model =~ /(.*g){12}/ || Headers['x-tier'] =~ /(.*.*.*.*.*.*.*.*.*.*.*.*.*=.*)/",
                "Headers['x-tier'] =~ /(?:(.*)*)*\\1b/",
            })
    void faultsOnTheRequestAtHand(String expression) {
        Rule rule = Rule.compile(expression);
        RoutingFacts facts = Asking.of("g".repeat(250) + "!", Asking.CHAT, Map.of("x-tier", "a".repeat(200)));

        assertThatThrownBy(() -> rule.evaluate(facts, THOUSAND)).isInstanceOf(RuleFault.class);
    }

    @Test
    void matchesAnewAfterEveryMatchAlsoOneThatWasStopped() {
        Rule rule = Rule.compile("Model =~ /(.*g){12}/");
        for (int i = 0; i < 3; i++) {
            assertThat(rule.evaluate(Asking.model("g".repeat(12)), THOUSAND)).isEqualTo(Verdict.TRUE);
            assertThat(rule.evaluate(Asking.model("g".repeat(11)), THOUSAND)).isEqualTo(Verdict.FALSE);
            assertThatThrownBy(() -> rule.evaluate(Asking.model("g".repeat(250) + "!"), THOUSAND))
                    .isInstanceOf(RuleFault.class);
        }
    }

    @Test
    void refusesToMatchALongTextByRegularExpression() {
        Rule rule = Rule.compile("Model =~ /.*x|y/");

        assertThat(rule.evaluate(Asking.model("a".repeat(255) + "x"), THOUSAND)).isEqualTo(Verdict.TRUE);
        assertThatThrownBy(() -> rule.evaluate(Asking.model("a".repeat(256) + "x"), THOUSAND))
                .isInstanceOf(RuleFault.class)
                .hasMessageContaining("at most 256");
    }

    @Test
    void takesTextsOfTheRequestAsDataOnly() {
        for (String hostile : new String[] {"a' || 'b'=='b", "#{1+1}", "nil", "1N ** 9", "', true, '"}) {
            assertThat(Rule.compile("Model == 'gpt-4o'").evaluate(Asking.model(hostile), THOUSAND))
                    .isEqualTo(Verdict.FALSE);
        }
    }

    @Test
    void neverShowsCredentialsToRules() {
        assertThat(RuleHeaders.isCredential("x-api-key")).isTrue();
        assertThatThrownBy(() -> Rule.compile("Headers['X-Api-Key'] == 'sk-1'")).isInstanceOf(RuleException.class);
    }
}
