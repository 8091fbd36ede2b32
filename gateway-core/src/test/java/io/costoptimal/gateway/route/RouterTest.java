package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RouterTest {

    private static final Provider LARGE = provider("large");
    private static final Provider CHEAP = provider("cheap");
    private static final Provider OTHER = provider("other");
    private static final TokenSource SMALL_BODY = TokenSource.bounds(0, 900);

    /** The whole use of a router: facts in, candidates out. */
    @Test
    void routesByTheFirstRuleThatMatches() {
        Router router = router(
                Map.of(),
                null,
                model(
                        "claude-3-5-sonnet",
                        List.of(to(OTHER)),
                        rule("TokenCount > 12000", to(LARGE)),
                        rule("Model == \"claude-3-5-sonnet\" && TokenCount < 2000", to(CHEAP), to(LARGE)),
                        rule("Path == \"/v1/chat/completions\"", to(OTHER))));

        assertThat(decide(router, 20_000)).isEqualTo("rule 1: TokenCount > 12000 -> large");
        assertThat(decide(router, 12_000)).isEqualTo("rule 3: Path == \"/v1/chat/completions\" -> other");
        assertThat(decide(router, 1999))
                .isEqualTo("rule 2: Model == \"claude-3-5-sonnet\" && TokenCount < 2000 -> cheap, large");
    }

    private static String decide(Router router, long tokens) {
        Decision decision = router.decide(Asking.model("claude-3-5-sonnet"), TokenSource.bounds(tokens, tokens));
        return decision.matched() + " -> " + candidates(decision);
    }

    @Test
    void fallsBackFromRulesToProvidersToTheDefaultProvider() {
        Router router = router(
                Map.of(),
                OTHER,
                model("both", List.of(to(LARGE), to(CHEAP)), rule("Stream", to(OTHER))),
                model("rules-only", List.of(), rule("Stream", to(CHEAP))));

        assertThat(summary(router, "both")).isEqualTo("both providers -> large, cheap");
        assertThat(summary(router, "rules-only")).isEqualTo("rules-only default_provider -> other");
        assertThat(summary(router, "unheard-of")).isEqualTo("unheard-of default_provider -> other");
    }

    @Test
    void hasNoCandidatesForAModelThatNobodyServes() {
        Router router = router(Map.of("nickname", "unheard-of"), null, model("known", List.of(to(LARGE))));

        assertThat(summary(router, "unheard-of")).isEqualTo("unheard-of nothing -> ");
        assertThat(summary(router, "nickname")).isEqualTo("unheard-of nothing -> ");
    }

    @Test
    void appliesAliasesBeforeRules() {
        Router router = router(
                Map.of("fast", "quick", "quick", "gpt-4o-mini", "foreign", "unheard-of"),
                OTHER,
                model(
                        "gpt-4o-mini",
                        List.of(to(LARGE)),
                        rule("Model == 'gpt-4o-mini' && !Stream", to(CHEAP), new Candidate(OTHER, "mini-2024"))));

        assertThat(router.resolve("fast")).isEqualTo("gpt-4o-mini");
        assertThat(router.resolve("gpt-4o-mini")).isEqualTo("gpt-4o-mini");
        assertThat(router.resolve("unheard-of")).isEqualTo("unheard-of");
        assertThat(summary(router, "fast"))
                .isEqualTo("gpt-4o-mini rule 1: Model == 'gpt-4o-mini' && !Stream" + " -> cheap, other as mini-2024");
        assertThat(summary(router, "gpt-4o-mini"))
                .isEqualTo("gpt-4o-mini rule 1: Model == 'gpt-4o-mini' && !Stream -> cheap, other as mini-2024");
        assertThat(summary(router, "foreign")).isEqualTo("unheard-of default_provider -> other");
    }

    @Test
    void namesTheModelToAProviderAsTheCandidateSaysOrElseByWhatTheAliasStandsFor() {
        Router router = router(
                Map.of("mini", "gpt-4o-mini"),
                null,
                model("gpt-4o-mini", List.of(new Candidate(LARGE, "gpt-4o-mini"), new Candidate(CHEAP, "mini"))));

        for (String asked : List.of("gpt-4o-mini", "mini")) {
            Decision decision = router.decide(Asking.model(asked), SMALL_BODY);
            assertThat(decision.candidates().stream().map(decision::nameFor)).containsExactly("gpt-4o-mini", "mini");
        }
    }

    @Test
    void takesTheExactNameBeforeTheLongestWildcardAndThatBeforeTheDefaultProvider() {
        Router router = router(
                Map.of("mine", "gpt-9", "best", "claude-x[1m]"),
                OTHER,
                model("gpt-*", List.of(to(LARGE))),
                model("gpt-4*", List.of(to(CHEAP))),
                model("*-4*", List.of(to(LARGE))),
                model("gpt-4o", List.of(to(OTHER))),
                model("claude-x[1m]", List.of(to(CHEAP))));

        assertThat(summary(router, "gpt-4o")).isEqualTo("gpt-4o providers -> other");
        assertThat(summary(router, "gpt-4o-mini")).isEqualTo("gpt-4o-mini providers -> cheap");
        assertThat(summary(router, "gpt-5")).isEqualTo("gpt-5 providers -> large");
        assertThat(summary(router, "x-4")).isEqualTo("x-4 providers -> large");
        assertThat(summary(router, "gpt")).isEqualTo("gpt default_provider -> other");
        assertThat(summary(router, "GPT-5")).isEqualTo("GPT-5 default_provider -> other");
        assertThat(summary(router, "claude-x[1m]")).isEqualTo("claude-x[1m] providers -> cheap");
        assertThat(summary(router, "claude-x1")).isEqualTo("claude-x1 default_provider -> other");
        assertThat(summary(router, "mine")).isEqualTo("gpt-9 providers -> large");
        assertThat(summary(router, "best")).isEqualTo("claude-x[1m] providers -> cheap");
    }

    @Test
    void saysWhichEntryAModelMetSoThatNoClientCanInventOne() {
        Router router = router(
                Map.of("mine", "gpt-9", "other", "unheard-of"),
                OTHER,
                model("gpt-*", List.of(to(LARGE))),
                model("m", List.of()));

        assertThat(entry(router, "gpt-5")).isEqualTo("gpt-*");
        assertThat(entry(router, "mine")).isEqualTo("gpt-*");
        assertThat(entry(router, "m")).isEqualTo("m");
        assertThat(entry(router, "other")).isNull();
        assertThat(entry(router, "anything")).isNull();
        assertThat(entry(router, null)).isNull();
    }

    private static String entry(Router router, String asked) {
        return router.decide(Asking.model(asked), SMALL_BODY).entry();
    }

    @Test
    void sendsWhatNamesNoModelToTheDefaultProviderAlone() {
        ModelRoutes all = model("*", List.of(to(LARGE)), rule("Stream", to(CHEAP)), rule("Model == 'x'", to(CHEAP)));

        assertThat(summary(router(Map.of(), OTHER, all), null)).isEqualTo("null default_provider -> other");
        assertThat(summary(router(Map.of(), null, all), null)).isEqualTo("null nothing -> ");
        assertThat(router(Map.of(), null, all).resolve(null)).isNull();
    }

    @Test
    void callsEveryModelWhatTheBaseOfItsProviderSays() {
        Provider fixed = new Provider(
                "fixed",
                ProviderKinds.AZURE,
                URI.create("https://r.example/openai/deployments/prod%204"),
                new Provider.Access(null, null, Map.of()),
                Duration.ofSeconds(30));
        Router router = router(Map.of(), fixed, model("m", List.of(new Candidate(fixed, "other"), to(fixed))));

        assertThat(summary(router, "m")).isEqualTo("m providers -> fixed as prod 4, fixed as prod 4");
        assertThat(summary(router, "x")).isEqualTo("x default_provider -> fixed as prod 4");
    }

    @Test
    void refusesTablesThatMeanNothing() {
        assertThatThrownBy(() -> router(Map.of("a", "b", "b", "a"), OTHER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageMatching("alias: (a -> b -> a|b -> a -> b) \\(expected: no cycle\\)");
        assertThatThrownBy(() -> router(Map.of("a", "a"), OTHER)).hasMessageContaining("a -> a");
        assertThatThrownBy(() -> router(Map.of(), OTHER, model("m", List.of()), model("m", List.of())))
                .hasMessage("model: m (expected: each model once)");
        assertThatThrownBy(() -> router(Map.of("a*", "b"), OTHER)).hasMessageContaining("expected: no wildcards");
        assertThatThrownBy(() -> router(Map.of("a", "b*"), OTHER)).hasMessageContaining("expected: no wildcards");
        assertThatThrownBy(() -> rule("Stream")).hasMessageContaining("expected: at least one");
    }

    @Test
    void asksForACountOnlyWhenBoundsLeaveTheDecisionOpen() {
        Router router = router(
                Map.of(),
                null,
                model(
                        "m",
                        List.of(to(OTHER)),
                        rule("TokenCount > 1000", to(LARGE)),
                        rule("TokenCount > 500", to(CHEAP))));

        assertThat(router.decide(Asking.model("m"), TokenSource.bounds(0, 500)).matched())
                .isEqualTo("providers");
        assertThat(router.decide(Asking.model("m"), SMALL_BODY)).isNull();

        ScriptedTokens tokens = new ScriptedTokens(600, 0, 900);
        Decision decision = router.decide(Asking.model("m"), tokens);
        assertThat(candidates(decision)).isEqualTo("cheap");
        assertThat(tokens.limits()).containsExactly(500L);
        assertThat(decision.tokens()).isEqualTo(new Decision.Tokens(501, 900, true));
    }

    @Test
    void namesTheModelsWhoseRulesMentionTokens() {
        Router router = router(
                Map.of("alias", "counted"),
                null,
                model("plain", List.of(to(OTHER)), rule("Stream", to(LARGE))),
                model("counted", List.of(to(OTHER)), rule("Stream", to(LARGE)), rule("TokenCount > 1", to(CHEAP))));

        assertThat(router.countedModels()).containsExactly("counted");
    }

    @Test
    void takesARuleThatFaultsForNotMatchedAndCountsIt() {
        Router router =
                router(Map.of(), null, model("m", List.of(to(OTHER)), rule("!(1 / (MaxTokens + 1) > 0)", to(LARGE))));

        assertThat(summary(router, "m")).isEqualTo("m providers -> other");
        assertThat(summary(router, "m")).isEqualTo("m providers -> other");
        assertThat(router.ruleFaults()).isEqualTo(2);
    }

    @Test
    void takesRetryOnFromTheModelElseFromTheTable() {
        RetryOn own = RetryOn.parse(List.of("timeout"));
        Router router = router(
                Map.of(),
                OTHER,
                new ModelRoutes("own", List.of(to(LARGE)), List.of(), own),
                model("plain", List.of(to(LARGE))));

        assertThat(router.decide(Asking.model("own"), SMALL_BODY).retryOn()).isSameAs(own);
        assertThat(router.decide(Asking.model("plain"), SMALL_BODY).retryOn()).isSameAs(RetryOn.ALL);
        assertThat(router.decide(Asking.model("unheard-of"), SMALL_BODY).retryOn())
                .isSameAs(RetryOn.ALL);
    }

    @Test
    void decidesTheSameOnManyThreads() throws Exception {
        Router router = router(
                Map.of(),
                null,
                model("m", List.of(to(OTHER)), rule("TokenCount > 1000 && Model =~ /m|x.*y/", to(LARGE))));
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<Integer>> larges = new ArrayList<>();
            for (int t = 0; t < 4; t++) {
                larges.add(threads.submit(() -> {
                    int large = 0;
                    for (int count = 1; count <= 2000; count++) {
                        Decision decision = router.decide(Asking.model("m"), new ScriptedTokens(count, 0, 5000));
                        large += decision.candidates().get(0).provider() == LARGE ? 1 : 0;
                    }
                    return large;
                }));
            }
            for (Future<Integer> large : larges) {
                assertThat(large.get()).isEqualTo(1000);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void needsTheContentOfBodiesOnlyWhereCostsAreCompared() {
        Strategy cheapest = new Strategy.Cheapest(true);
        List<Candidate> both = List.of(to(CHEAP), to(LARGE));
        RoutedRule rule = new RoutedRule(Rule.compile("Stream"), both, cheapest);

        assertThat(router(Map.of(), null, model("m", both)).needContent()).isFalse();
        assertThat(router(Map.of(), null, new ModelRoutes("m", both, cheapest, List.of(), null))
                        .needContent())
                .isTrue();
        assertThat(router(Map.of(), null, model("a", both), model("m", both, rule))
                        .needContent())
                .isTrue();
    }

    private static String summary(Router router, String asked) {
        Decision decision = router.decide(Asking.model(asked), SMALL_BODY);
        return decision.model() + " " + decision.matched() + " -> " + candidates(decision);
    }

    private static String candidates(Decision decision) {
        return String.join(
                ", ",
                decision.candidates().stream()
                        .map(c -> c.provider().id() + (c.model() == null ? "" : " as " + c.model()))
                        .toList());
    }

    private static Router router(Map<String, String> aliases, Provider defaultProvider, ModelRoutes... models) {
        return new Router(new RouteTable(aliases, List.of(models), defaultProvider, RetryOn.ALL));
    }

    private static ModelRoutes model(String name, List<Candidate> providers, RoutedRule... rules) {
        return new ModelRoutes(name, providers, List.of(rules), null);
    }

    private static RoutedRule rule(String expression, Candidate... candidates) {
        return new RoutedRule(Rule.compile(expression), List.of(candidates));
    }

    private static Candidate to(Provider provider) {
        return new Candidate(provider, null);
    }

    static Provider provider(String id) {
        return new Provider(
                id,
                ProviderKinds.OPENAI,
                URI.create("http://127.0.0.1:1"),
                new Provider.Access(null, null, Map.of()),
                Duration.ofSeconds(30));
    }
}
