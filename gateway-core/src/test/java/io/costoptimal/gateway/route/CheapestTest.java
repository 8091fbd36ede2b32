package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Choice.Certainty;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Lists of which the cheapest candidate comes first. What is cheapest is told in {@code cost}. */
class CheapestTest {

    private static final Candidate DEAR = new Candidate(RouterTest.provider("dear"), null);
    private static final Candidate CHEAP = new Candidate(RouterTest.provider("cheap"), "small");
    private static final Candidate TALKER = new Candidate(RouterTest.provider("talker"), null);
    private static final Candidate UNPRICED = new Candidate(RouterTest.provider("unpriced"), null);
    private static final TokenSource SHORT = TokenSource.bounds(0, 400);

    /** Talker is cheap to talk to, and dear when it talks. Cheap holds 8000 tokens. */
    private static final Prices PRICES = (provider, model) -> switch (provider.id() + " " + model) {
        case "dear m", "dear m-2" -> price("acme/m", 5, 20, 100_000);
        case "cheap small" -> price("acme/m", 1, 4, 8000);
        case "talker m" -> price("acme/talker", 0, 40, -1);
        default -> null;
    };

    private static ModelPrice price(String name, long input, long output, long window) {
        return ModelPrice.builder()
                .model(name)
                .tokenizer("o200k_base")
                .window(window)
                .price(TokenClass.INPUT, input * 1_000_000_000)
                .price(TokenClass.OUTPUT, output * 1_000_000_000)
                .build();
    }

    @Test
    void comesFirstByTheBoundsAloneWhereThoseDecide() {
        Choice choice =
                router(DEAR, UNPRICED, CHEAP).decide(asking("m", 100), SHORT).choice();

        assertThat(choice.candidates()).containsExactly(CHEAP, DEAR, UNPRICED);
        assertThat(choice.listed()).containsExactly(DEAR, UNPRICED, CHEAP);
        assertThat(choice.cost().low()).isZero();
        assertThat(choice.cost().high()).isEqualTo(400 * 1000 + 100 * 4000);
        Choice priced = router(DEAR, CHEAP).decide(asking("m", 100), SHORT).choice();
        assertThat(priced.certainty()).isEqualTo(Certainty.PROVEN);
        assertThat(priced.cost().regret()).isZero();
    }

    @Test
    void waitsForACountWhereTheBoundsLeaveItOpenAndCountsAsFarAsItTakes() {
        Router router = router(TALKER, CHEAP);
        RoutingFacts facts = asking("m", 100);

        assertThat(router.decide(facts, TokenSource.bounds(0, 7000))).isNull();
        ScriptedTokens few = new ScriptedTokens(3000, 0, 7000);
        assertThat(router.decide(facts, few).candidates()).containsExactly(CHEAP, TALKER);
        // With 3600 tokens 100 more of output weigh the same: 0.0036 + 0.0004 and 0.004 USD.
        assertThat(few.limits()).containsExactly(3599L);
        assertThat(router.decide(facts, new ScriptedTokens(5000, 0, 7000)).candidates())
                .containsExactly(TALKER, CHEAP);
    }

    @Test
    void goesByWhatIsLikelyWhenThereIsNoTimeToCount() {
        Choice choice = router(TALKER, CHEAP)
                .decide(asking("m", 100), TokenSource.assuming(7000))
                .choice();

        assertThat(choice.candidates()).containsExactly(CHEAP, TALKER);
        assertThat(choice.certainty()).isEqualTo(Certainty.EXPECTED);
    }

    @Test
    void leavesOutWhoseWindowCannotHoldTheRequest() {
        Router router = router(CHEAP, DEAR);

        assertThat(router.decide(asking("m", 100), SHORT).candidates()).containsExactly(CHEAP, DEAR);
        assertThat(router.decide(asking("m", 100), TokenSource.bounds(0, 90_000)))
                .as("the bounds do not tell")
                .isNull();
        assertThat(router.decide(asking("m", 100), new ScriptedTokens(8000, 0, 90_000))
                        .candidates())
                .containsExactly(DEAR);
        assertThat(router.decide(asking("m", 100), new ScriptedTokens(7000, 0, 90_000))
                        .candidates())
                .containsExactly(CHEAP, DEAR);
    }

    @Test
    void looksUpThePricesOfAWildcardByTheNameThatIsSent() {
        ModelRoutes model = new ModelRoutes("*", List.of(TALKER, DEAR), new Strategy.Cheapest(true), List.of(), null);
        Router router = router(model);

        assertThat(router.decide(asking("m", 0), SHORT).candidates()).containsExactly(TALKER, DEAR);
        assertThat(router.decide(asking("m-2", 0), SHORT).candidates()).containsExactly(DEAR, TALKER);
        Choice unknown = router.decide(asking("m-3", 0), SHORT).choice();
        assertThat(unknown.candidates()).containsExactly(TALKER, DEAR);
        assertThat(unknown.cost()).isNull();
        assertThat(unknown.certainty()).isEqualTo(Certainty.ESTIMATED);
    }

    @Test
    void isAnEstimateWhereTheBodyIsNotAllThatIsBilled() {
        Router router = router(DEAR, CHEAP);

        assertThat(certainty(router, new RequestFacts.Content(0, true, false))).isEqualTo(Certainty.ESTIMATED);
        assertThat(certainty(router, new RequestFacts.Content(0, false, true))).isEqualTo(Certainty.ESTIMATED);
        assertThat(certainty(router, RequestFacts.Content.TEXT)).isEqualTo(Certainty.PROVEN);
    }

    private static Certainty certainty(Router router, RequestFacts.Content content) {
        return router.decide(asking("m", new RequestFacts.Output(100, 1), content), SHORT)
                .choice()
                .certainty();
    }

    /** An image of 90 000 bytes is no text, so a candidate of 8000 tokens need not be counted out. */
    @Test
    void takesEncodedImagesForNoText() {
        RequestFacts.Content image = new RequestFacts.Content(90_000, true, false);
        RoutingFacts facts = asking("m", new RequestFacts.Output(100, 1), image);

        Decision decision = router(DEAR, CHEAP).decide(facts, TokenSource.bounds(0, 90_400));
        assertThat(decision.candidates()).containsExactly(CHEAP, DEAR);
        assertThat(decision.tokens().high()).as("what rules go by").isEqualTo(90_400);
    }

    @Test
    void takesEncodedImagesForNoTextWhenThereIsNoTimeToCount() {
        RequestFacts.Content image = new RequestFacts.Content(90_000, true, false);
        RoutingFacts facts = asking("m", new RequestFacts.Output(100, 1), image);

        Decision decision = router(DEAR, CHEAP).decide(facts, TokenSource.assuming(90_400));
        assertThat(decision.candidates()).containsExactly(CHEAP, DEAR);
        assertThat(decision.choice().cost().high()).isEqualTo(400 * 1000 + 100 * 4000);
    }

    @Test
    void countsTheOutputOfEveryAnswer() {
        Router router = router(TALKER, CHEAP);
        TokenSource thousand = new ScriptedTokens(1000, 1000, 1000);

        assertThat(router.decide(asking("m", new RequestFacts.Output(20, 1), RequestFacts.Content.TEXT), thousand)
                        .candidates())
                .containsExactly(TALKER, CHEAP);
        assertThat(router.decide(asking("m", new RequestFacts.Output(20, 5), RequestFacts.Content.TEXT), thousand)
                        .candidates())
                .containsExactly(CHEAP, TALKER);
    }

    @Test
    void mayHaveToBeCounted() {
        Strategy cheapest = new Strategy.Cheapest(false);
        RoutedRule rule = new RoutedRule(Rule.compile("Stream"), List.of(DEAR, CHEAP), cheapest);
        Router router = router(
                new ModelRoutes("model", List.of(DEAR, CHEAP), cheapest, List.of(), null),
                new ModelRoutes("rule", List.of(DEAR), List.of(rule), null),
                new ModelRoutes("alone", List.of(DEAR), cheapest, List.of(), null),
                new ModelRoutes(
                        "cost",
                        List.of(DEAR),
                        List.of(new RoutedRule(Rule.compile("Cost('dear') < 1"), List.of(DEAR))),
                        null),
                new ModelRoutes(
                        "price",
                        List.of(DEAR),
                        List.of(new RoutedRule(Rule.compile("InputPrice('dear') < 1"), List.of(DEAR))),
                        null));

        assertThat(router.countedModels()).containsExactlyInAnyOrder("model", "rule", "cost");
    }

    private static RoutingFacts asking(String model, long maxTokens) {
        return asking(model, new RequestFacts.Output(maxTokens, 1), RequestFacts.Content.TEXT);
    }

    private static RoutingFacts asking(String model, RequestFacts.Output output, RequestFacts.Content content) {
        RequestFacts body = new RequestFacts(
                RequestFacts.ModelField.missing(0, false),
                new RequestFacts.Streaming(false, RequestFacts.UsageOption.FIXED),
                output,
                content,
                content.nonTextBytes() + 400);
        return new RoutingFacts(model, Asking.CHAT, body, 0, new RoutingFacts.Caller("team", name -> null));
    }

    private static Router router(Candidate... candidates) {
        return router(new ModelRoutes("m", List.of(candidates), new Strategy.Cheapest(true), List.of(), null));
    }

    private static Router router(ModelRoutes... models) {
        return new Router(new RouteTable(Map.of(), List.of(models), null, RetryOn.ALL), PRICES);
    }
}
