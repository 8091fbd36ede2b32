package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.costoptimal.gateway.cost.CostChooser;
import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.cost.Demand;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.ModelPriceBuilder;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rules that ask what candidates cost, and what time it is. */
class PriceRuleTest {

    private static final Candidate CHEAP = new Candidate(RouterTest.provider("cheap"), null);
    private static final Candidate DEAR = new Candidate(RouterTest.provider("dear"), "large");
    private static final Candidate FREE = new Candidate(RouterTest.provider("unpriced"), null);
    private static final Candidate OTHER = new Candidate(RouterTest.provider("other"), null);

    /** Per million tokens: cheap 1 and 4 USD, dear 5 and 20 USD, twice as much beyond 1000 tokens of input. */
    private static final Prices PRICES = (provider, model) -> switch (provider.id() + " " + model) {
        case "cheap m" -> price(1, 4).build();
        case "dear large" -> tiered(10).build();
        case "other m" -> tiered(2).build();
        default -> null;
    };

    private static ModelPriceBuilder price(long input, long output) {
        return ModelPrice.builder()
                .price(TokenClass.INPUT, input * 1_000_000_000)
                .price(TokenClass.OUTPUT, output * 1_000_000_000);
    }

    private static ModelPriceBuilder tiered(long beyond) {
        return price(5, 20).above(1000).price(TokenClass.INPUT, beyond * 1_000_000_000);
    }

    /** 500 tokens of input and at most 100 of output: 0.0009 USD at cheap, 0.0045 USD at dear. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cost('cheap') > 0.00089 && Cost('cheap') < 0.00091",
                "Cost(\"dear\") > 0.00449 and Cost(\"dear\") < 0.00451",
                "Cost('cheap') < Cost('dear')",
                "Cost('cheap') * 4 < Cost('dear')",
                "Cost('dear') - Cost('cheap') > 0.0035 && not (Cost('dear') - Cost('cheap') > 0.0037)",
                "InputPrice('cheap') == 1 && OutputPrice('cheap') == 4",
                "OutputPrice('dear') / OutputPrice('cheap') == 5.0"
            })
    void asksWhatCandidatesCost(String rule) {
        assertThat(holds(rule, TokenSource.bounds(500, 500))).isTrue();
    }

    @Test
    void countsNothingForARuleWithoutTokens() {
        ScriptedTokens tokens = new ScriptedTokens(500, 0, 900);

        assertThat(holds("InputPrice('cheap') < 2 && OutputPrice('cheap') < 5", tokens))
                .isTrue();
        assertThat(tokens.limits()).isEmpty();
    }

    /** With 0 to 900 tokens, cheap costs from 0.0004 to 0.0013 USD, and dear from 0.002 to 0.0065 USD. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Cost('cheap') < 0.0014",
                "Cost('cheap') >= 0.0004",
                "Cost('dear') > 0.0019",
                "Cost('cheap') < Cost('dear')",
                "Cost('dear') > Cost('cheap') * 3",
                "Cost('dear') - Cost('cheap') > 0.0015"
            })
    void countsNothingWhereTheBoundsDecide(String rule) {
        assertThat(holds(rule, TokenSource.bounds(0, 900))).isTrue();
        assertThat(holds("!(" + rule + ")", TokenSource.bounds(0, 900))).isFalse();
    }

    @Test
    void countsNoFurtherThanTheAnswerTakes() {
        ScriptedTokens tokens = new ScriptedTokens(700, 0, 900);

        // 0.001 USD are 600 tokens of input and 100 of output.
        assertThat(holds("Cost('cheap') > 0.001", tokens)).isTrue();
        assertThat(tokens.limits()).containsExactly(600L);
    }

    @Test
    void countsNoFurtherThanWhereTwoCostsMeet() {
        ScriptedTokens tokens = new ScriptedTokens(700, 0, 900);

        // 0.0004 + 0.000001 n and 0.001 n - 0.4: they meet at 0.4004 / 0.000999 = 400.8 tokens.
        assertThat(holds("Cost('cheap') < TokenCount * 0.001 - 0.4", tokens)).isTrue();
        assertThat(tokens.limits()).containsExactly(400L);
    }

    @Test
    void countsWhereATierBeginsWithinTheBounds() {
        ScriptedTokens tokens = new ScriptedTokens(1100, 0, 1200);

        assertThat(holds("Cost('dear') > Cost('cheap')", tokens)).isTrue();
        assertThat(tokens.counted()).isTrue();
    }

    /** Beyond 1000 tokens other is cheaper than for 1000: 0.0042 instead of 0.007 USD. */
    @ParameterizedTest
    @CsvSource({"1000, true", "1001, false", "700, false", "900, true"})
    void countsToTheEndWhereALongerRequestIsCheaper(int count, boolean holds) {
        ScriptedTokens tokens = new ScriptedTokens(count, 0, 1200);

        assertThat(holds("Cost('other') > 0.006", tokens)).isEqualTo(holds);
        assertThat(tokens.counted()).isTrue();
    }

    /** A rule and the cheapest strategy speak of the same cost, whatever bounds the output. */
    @ParameterizedTest
    @CsvSource({"100, 1", "100, 5", "4000, 1", "4000, 7", "-1, 1", "-1, 3"})
    void expectsTheSameCostAsTheChooser(long maxTokens, long answers) {
        RoutingFacts facts = new RoutingFacts(
                "m",
                Asking.CHAT,
                new RequestFacts(
                        RequestFacts.ModelField.missing(0, true),
                        new RequestFacts.Streaming(false, RequestFacts.UsageOption.FIXED),
                        new RequestFacts.Output(maxTokens, answers),
                        RequestFacts.Content.TEXT,
                        2000),
                0,
                facts().caller());
        CostChooser chooser = new CostChooser(List.of(PRICES.of(DEAR.provider(), "large")));
        PriceTerm cost = offers(List.of(DEAR)).term(PriceTerm.Function.COST, "dear");

        for (long input : new long[] {0, 1, 999, 1000, 1001, 2000}) {
            Demand demand = new Demand(answers, maxTokens, -1, true, null);
            double dollars = chooser.expected(0, demand, input) / 1e9;
            assertThat(cost.value(facts, TokenSource.bounds(input, input), input))
                    .isCloseTo(dollars, within(1e-9));
        }
    }

    @Test
    void failsForACandidateWithoutAPrice() {
        Router router = router("Cost('unpriced') < 1 || true");

        assertThat(matches(router, TokenSource.bounds(5, 5))).isFalse();
        assertThat(router.ruleFaults()).isEqualTo(1);
    }

    @Test
    void refusesAProviderThatIsNoCandidateOfTheModel() {
        Rule rule = Rule.compile("Stream ||\n Cost('elsewhere') < 1");

        assertThatThrownBy(() -> rule.requireProviders(List.of("cheap", "dear")))
                .isInstanceOf(RuleException.class)
                .hasMessage("Cost(\"elsewhere\"): the model has no such candidate")
                .extracting(thrown -> ((RuleException) thrown).line() + ":" + ((RuleException) thrown).column())
                .isEqualTo("2:7");
        assertThatThrownBy(() -> router("InputPrice('elsewhere') < 1")).isInstanceOf(RuleException.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '|',
            value = {
                "Cost() < 1; 1:1; Cost needs the id of one provider, in quotes",
                "1 < Cost(Model); 1:5; Cost needs the id of one provider, in quotes",
                "InputPrice('a', 'b') < 1; 1:1; InputPrice needs the id of one provider, in quotes",
                "Cost('cheap'); 1:1; the expression is a number",
                "Cost < 1; 1:1; unknown variable 'Cost'",
                "Price('cheap') < 1; 1:1; unknown function 'Price'",
                "Hour == 'noon'; 1:6; '==' does not apply to a number and text"
            })
    void refusesWhatIsNoQuestionAboutAPrice(String rule, String place, String message) {
        String[] at = place.split(":");
        Asking.assertRefused(rule, Integer.parseInt(at[0]), Integer.parseInt(at[1]), message);
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0, 4",
        "1969-12-31T23:59:59Z, 23, 3",
        "2026-11-27T07:30:00Z, 7, 5",
        "2026-11-29T23:59:59.999Z, 23, 7",
        "2026-11-30T00:00:00Z, 0, 1"
    })
    void knowsTheTimeInUtc(Instant at, int hour, int weekday) {
        RoutingFacts facts = Asking.model("m").at(at.toEpochMilli());
        Rule rule = Rule.compile("Hour == " + hour + " and Weekday in " + weekday + ".." + weekday);

        assertThat(rule.evaluate(facts, TokenSource.bounds(0, 1))).isEqualTo(Verdict.TRUE);
        assertThat(rule.usesTokens()).isFalse();
    }

    @Test
    void saysWhichHoursThereAreNot() {
        assertThat(Rule.compile("Hour < 24").remarks(null)).hasSize(1);
        assertThat(Rule.compile("Weekday == 0").remarks(null)).containsExactly("this rule never holds");
        assertThat(Rule.compile("Hour >= 22 || Hour < 6").remarks(null)).isEmpty();
    }

    @Test
    void showsWhatTheCostsWere() {
        RuleTrace trace = trace("Cost('cheap') < 0.001 && OutputPrice('dear') > 19", TokenSource.bounds(0, 900));

        assertThat(trace.parts().get(0).verdict()).isEqualTo(Verdict.UNKNOWN);
        assertThat(trace.parts().get(0).values()).containsEntry("Cost(\"cheap\")", "0.0004 to 0.0013");
        assertThat(trace.parts().get(1).values()).containsEntry("OutputPrice(\"dear\")", 20.0);
        RuleTrace counted = trace("Cost('cheap') < 0.001", TokenSource.bounds(500, 500));
        assertThat((Double) counted.values().get("Cost(\"cheap\")")).isCloseTo(0.0009, within(1e-12));
    }

    private static RuleTrace trace(String expression, TokenSource tokens) {
        List<Candidate> all = List.of(CHEAP, DEAR);
        return Rule.compile(expression).with(offers(all)).trace(facts(), tokens);
    }

    private static ModelOffers offers(List<Candidate> candidates) {
        return new ModelOffers(candidates, "m", new Choosers(PRICES, CostMemory.UNTOLD, bound -> 0));
    }

    private static RoutingFacts facts() {
        return new RoutingFacts("m", Asking.CHAT, false, 100, new RoutingFacts.Caller("team", name -> null));
    }

    private static boolean holds(String expression, TokenSource tokens) {
        return matches(router(expression), tokens);
    }

    private static boolean matches(Router router, TokenSource tokens) {
        Decision decision = router.decide(facts(), tokens);
        assertThat(decision).as("decided without counting").isNotNull();
        return decision.matched().startsWith("rule 1");
    }

    private static Router router(String expression) {
        RoutedRule rule = new RoutedRule(Rule.compile(expression), List.of(CHEAP));
        ModelRoutes model = new ModelRoutes("m", List.of(CHEAP, DEAR, FREE, OTHER), List.of(rule), null);
        return new Router(new RouteTable(Map.of(), List.of(model), null, RetryOn.ALL), PRICES);
    }
}
