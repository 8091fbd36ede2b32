package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.stage.RecordingRun;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteStageTest {

    private static final String BODY = "{\"model\":\"gpt-4o\",\"messages\":[]}";
    private static final Candidate LARGE = new Candidate(RouterTest.provider("large"), null);
    private static final Candidate CHEAP = new Candidate(RouterTest.provider("cheap"), null);

    private final Gate counting = new Gate();
    private final RecordingRun run = new RecordingRun();
    private final RouteStage stage = new RouteStage(counting, Duration.ofSeconds(10));
    private final ByteBuf bytes = Unpooled.copiedBuffer(BODY, StandardCharsets.UTF_8);

    /** Counting threads that run a job when told to, and sources that know the count to be {@code count}. */
    private static final class Gate implements TokenCounting {
        final Queue<Runnable> jobs = new ArrayDeque<>();
        int count = 20;
        boolean full;
        String asked;

        @Override
        public TokenSource source(Operation operation, String model, ByteBuf body, BooleanSupplier cancelled) {
            asked = operation + " " + model + " " + body.toString(StandardCharsets.UTF_8);
            return new ScriptedTokens(count, 0, body.readableBytes());
        }

        @Override
        public boolean remove(Runnable job) {
            return jobs.remove(job);
        }

        @Override
        public void execute(Runnable job) {
            if (full) {
                throw new RejectedExecutionException("full");
            }
            jobs.add(job);
        }
    }

    @AfterEach
    void releasesEverything() {
        assertThat(run.client.quiet()).as("no timer is left").isTrue();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void routesWithoutCountingWhenTheLengthOfTheBodyDecides() {
        Exchange exchange = send("TokenCount > " + BODY.length(), Set.of());

        assertThat(counting.jobs).isEmpty();
        assertThat(counting.asked).isNull();
        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.state()).isEqualTo(ExchangeState.ROUTED);
        assertThat(exchange.decision().candidates()).containsExactly(LARGE);
        assertThat(exchange.decision().tokens()).isEqualTo(new Decision.Tokens(0, BODY.length(), false));
        exchange.end(Outcome.COMPLETED);
    }

    @Test
    void countsOffTheLoopWhenTheLengthOfTheBodyLeavesARuleOpen() {
        Exchange exchange = send("TokenCount > 10", Set.of());
        assertThat(run.wentOn()).isFalse();
        assertThat(exchange.state()).isEqualTo(ExchangeState.INSPECTED);

        counting.jobs.remove().run();
        // The answer waits for the event loop.
        assertThat(exchange.state()).isEqualTo(ExchangeState.INSPECTED);
        run.client.turn();

        assertThat(counting.asked).isEqualTo("POST /v1/chat/completions gpt-4o " + BODY);
        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.decision().candidates()).containsExactly(CHEAP);
        assertThat(exchange.decision().tokens()).isEqualTo(new Decision.Tokens(11, BODY.length(), true));
        exchange.end(Outcome.COMPLETED);
    }

    @Test
    void showsRulesTheRequestButNoCredential() {
        Exchange exchange = send(
                "Key == 'team' && Stream && MaxTokens == 7 && Path == '/v1/chat/completions' && Headers['X-Tier'] == 'gold'",
                Set.of());

        assertThat(exchange.decision().candidates()).containsExactly(CHEAP);
        RuleHeaders visible = new RuleHeaders(exchange.request().headers());
        for (String secret :
                List.of("authorization", "x-api-key", "api-key", "x-goog-api-key", "x-gateway-key", "x_api_key")) {
            exchange.request().headers().set(secret, "canary");
            assertThat(visible.apply(secret)).as(secret).isNull();
        }
        exchange.end(Outcome.COMPLETED);
    }

    @Test
    void refusesAModelTheKeyMayNotUse() {
        Exchange exchange = send("Stream", Set.of("gpt-4o-mini"));

        assertThat(run.refusal().status()).isEqualTo(403);
        assertThat(run.wentOn()).isFalse();
        exchange.end(Outcome.REJECTED);
    }

    @Test
    void goesByTheNameTheClientUsedWhenItChecksTheKey() {
        Exchange exchange = send("Stream", Set.of("gpt-4o"), "large-alias", Map.of("large-alias", "gpt-4o"));

        assertThat(run.refusal().status()).isEqualTo(403);
        exchange.end(Outcome.REJECTED);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-4o,large-alias gpt-4o,200",
        "large-alias,large-alias gpt-4o,200",
        "gpt-4o,large-alias,403",
        "large-alias,large-alias,403",
        "large-alias,gpt-4o,403",
        "gpt-4o,gpt-*,200",
        "gpt-4o,*,200",
        "large-alias,*,200",
        "large-alias,gpt-*,403",
        "gpt-4o,gpt-4,403",
        "gpt-4o,gpt-?o,403",
        "gpt-4o,GPT-4O,403"
    })
    void judgesTheNameAskedAndTheNameAfterAliases(String asked, String allowed, int status) {
        Exchange exchange = send("Stream", Set.of(allowed.split(" ")), asked, Map.of("large-alias", "gpt-4o"));

        if (status == 200) {
            assertThat(run.wentOn()).isTrue();
        } else {
            assertThat(run.refusal().status()).isEqualTo(403);
        }
        exchange.end(Outcome.REJECTED);
    }

    @Test
    void refusesWhatARuleRefusesAndSaysWhichRuleItWas() {
        Rejection refusal = Rejection.byRule(403, "Streams are for the day.");
        RoutedRule rule = new RoutedRule(Rule.compile("Stream"), refusal);
        Exchange exchange = send(rule, Set.of(), "gpt-4o", Map.of());

        assertThat(run.refusal()).isSameAs(refusal);
        assertThat(run.wentOn()).isFalse();
        assertThat(exchange.decision().matched()).isEqualTo("rule 1: Stream");
        assertThat(exchange.decision().candidates()).isEmpty();
        exchange.end(Outcome.REJECTED);
    }

    @Test
    void refusesAModelThatNobodyServes() {
        Exchange exchange = send("Stream", Set.of(), "unheard-of", Map.of());

        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(404);
        assertThat(rejection.message()).contains("`unheard-of`");
        assertThat(exchange.state()).isEqualTo(ExchangeState.INSPECTED);
        exchange.end(Outcome.REJECTED);
    }

    @Test
    void answersThatItIsOverloadedWhenTheQueueIsFull() {
        counting.full = true;
        Exchange exchange = send("TokenCount > 10", Set.of());

        assertThat(run.refusal().status()).isEqualTo(503);
        exchange.end(Outcome.REJECTED);
    }

    @Test
    void failsOneExchangeWhenCountingFails() {
        counting.count = -1; // Makes the source refuse.
        Exchange exchange = send("TokenCount > 10", Set.of());
        counting.jobs.remove().run();
        run.client.turn();

        assertThat(run.refusal()).isEqualTo(Rejection.internal());
        assertThat(run.wentOn()).isFalse();
        exchange.end(Outcome.GATEWAY_ERROR);
    }

    @Test
    void takesTheJobOfAnExchangeThatEndsOutOfTheQueueAndLetsGoOfItsBody() {
        Exchange exchange = send("TokenCount > 10", Set.of());
        run.over();
        exchange.end(Outcome.CLIENT_CANCELLED);

        assertThat(counting.jobs).isEmpty();
        assertThat(bytes.refCnt()).isZero();
    }

    @Test
    void dropsTheCountOfAnExchangeThatEndedWhileItWasBeingCounted() {
        Exchange exchange = send("TokenCount > 10", Set.of());
        Runnable job = counting.jobs.remove();
        exchange.dropRequest();
        run.over();
        exchange.end(Outcome.CLIENT_CANCELLED);
        assertThat(bytes.refCnt()).as("the counting thread may be reading it").isPositive();
        job.run();
        run.client.turn();

        assertThat(counting.asked).as("nothing is counted any more").isNull();
        assertThat(bytes.refCnt()).isZero();
        assertThat(run.wentOn()).isFalse();
        assertThat(run.refusals).isEmpty();
    }

    @Test
    void takesTheUpperBoundWhenThereIsNoTimeToCountAndSaysSo() {
        Exchange exchange = send("TokenCount > 10", Set.of());
        run.client.pass(Duration.ofSeconds(10));

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.decision().candidates()).containsExactly(CHEAP);
        assertThat(exchange.decision().tokens()).isEqualTo(new Decision.Tokens(0, BODY.length(), false, true));
        assertThat(counting.jobs).as("nobody counts it any more").isEmpty();
        exchange.end(Outcome.COMPLETED);
    }

    private Exchange send(String rule, Set<String> models) {
        return send(rule, models, "gpt-4o", Map.of());
    }

    private Exchange send(String rule, Set<String> models, String asked, Map<String, String> aliases) {
        return send(new RoutedRule(Rule.compile(rule), List.of(CHEAP)), models, asked, aliases);
    }

    private Exchange send(RoutedRule rule, Set<String> models, String asked, Map<String, String> aliases) {
        ModelRoutes routes = new ModelRoutes("gpt-4o", List.of(LARGE), List.of(rule), null);
        Exchange exchange =
                inspected(new Router(new RouteTable(aliases, List.of(routes), null, RetryOn.ALL)), models, asked);
        stage.enter(exchange, run);
        return exchange;
    }

    private Exchange inspected(Routes routes, Set<String> models, String asked) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, Asking.CHAT);
        request.headers().set("X-Tier", "gold").set("Authorization", "Bearer secret");
        Target target = new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null);
        Exchange exchange = new Exchange(request, target, new Rules(routes));
        exchange.authenticated(new Principal(
                "team", Principal.Role.CLIENT, models.isEmpty() ? ModelScope.ALL : ModelScope.of(models)));
        HeldBody body = new HeldBody();
        body.add(bytes);
        RequestFacts.ModelField model = new RequestFacts.ModelField(asked, 9, 17);
        exchange.inspected(new RequestFacts(model, true, 7, false, BODY.length()), body);
        return exchange;
    }

    private record Rules(Routes routes) implements Policy {
        @Override
        public Keys keys() {
            throw new AssertionError("nobody asks for keys after authentication");
        }
    }
}
