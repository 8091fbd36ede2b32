package io.costoptimal.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.costoptimal.gateway.stage.LoggedClient;
import io.costoptimal.gateway.stage.Stage;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys that are looked up elsewhere: what a request presents, what becomes known when, and what it gets. */
class LateKeysTest {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** {@code ours} is known at once, {@code foreign} is nobody's, and every other key is looked up. */
    private final class Scripted implements Keys {

        @Override
        public Principal find(CharSequence presented) {
            return presented.toString().equals("ours") ? new Principal("owner", Principal.Role.CLIENT) : null;
        }

        @Override
        public CompletableFuture<Principal> findLater(String presented) {
            if (presented.equals("foreign")) {
                return null;
            }
            if (presented.equals("throws")) {
                throw new IllegalStateException("a defect");
            }
            CompletableFuture<Principal> search = new CompletableFuture<>();
            searches.put(presented, search);
            return search;
        }

        @Override
        public Duration patience() {
            return PATIENCE;
        }
    }

    private final Map<String, CompletableFuture<Principal>> searches = new HashMap<>();
    private final LoggedClient client = new LoggedClient();
    private final Stage rest =
            (exchange, run) -> client.log.add(exchange.principal().name() + " by " + exchange.gatewayKey());
    private final ExchangeRunner runner =
            new ExchangeRunner(client, List.of(new AuthStage(), rest), report -> {}, Duration.ofHours(1));

    @AfterEach
    void nothingIsWaitedFor() {
        runner.finish(Outcome.CLIENT_CANCELLED);
        runner.close();
        client.turn();
        assertThat(client.quiet()).isTrue();
        assertThat(searches.values()).allMatch(CompletableFuture::isDone);
    }

    @ParameterizedTest(name = "{0}: {1} -> {2}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        # one key
        a             |                 | hold
        a             | a=alice         | hold alice by a resume
        a             | a=              | hold 401+last end
        a             | a!              | hold 503 end
        a             | 3s              | hold 503 end
        a             | 3s a=alice      | hold 503 end
        a             | leave           | hold left
        a             | leave a=alice   | hold left
        # several keys: the one that is ours counts
        a b           | a=alice         | hold
        a b           | a=alice b=      | hold alice by a resume
        a b           | b= a=alice      | hold alice by a resume
        a b           | a= b=bob        | hold bob by b resume
        a b           | a= b=           | hold 401+last end
        a foreign     | a=alice         | hold alice by a resume
        foreign a     | a=              | hold 401+last end
        ours a        | a=              | hold owner by ours resume
        a ours        | a=              | hold owner by ours resume
        # two that are ours are refused
        a b           | a=alice b=bob   | hold 401+last end
        a b           | a=alice b=alice | hold 401+last end
        ours a        | a=alice         | hold 401+last end
        a b c         | a=alice b= c=carol | hold 401+last end
        # not knowing of one is not knowing whose request it is
        a b           | a=alice b!      | hold 503 end
        ours a        | a!              | hold 503 end
        a b           | a=alice 3s      | hold 503 end
        # what is known at once is not looked up, and a search that throws is one that fails
        ours          |                 | owner by ours
        foreign       |                 | 401+last end
        ours foreign  |                 | owner by ours
        throws        |                 | 503 end
        a throws      |                 | 503 end
        """)
    void followsTheTable(String presented, String events, String story) {
        present(presented.split(" "));
        for (String event : events == null ? new String[0] : events.split(" ")) {
            happen(event);
        }

        assertThat(client.story()).isEqualTo(story);
    }

    @ParameterizedTest
    @CsvSource({"a b, leave", "a b, 3s", "a b, a!", "a throws, -"})
    void aSearchThatNobodyWaitsForAnyMoreIsCancelled(String presented, String event) {
        present(presented.split(" "));
        if (!event.equals("-")) {
            happen(event);
        }
        happen("turn");

        assertThat(searches).isNotEmpty();
        assertThat(searches.values()).allMatch(search -> search.isCancelled() || event.equals("a!"));
        assertThat(searches.values()).anyMatch(CompletableFuture::isCancelled);
    }

    @Test
    void saysInTheWordsOfTheClientsApiThatTheKeyIsNotKnownYet() {
        present("a");
        happen("3s");

        assertThat(new String(client.answers.get(0).body(), StandardCharsets.UTF_8))
                .contains("\"type\":\"overloaded_error\"", "try again");
        assertThat(client.answers.get(0).headers()).containsEntry("retry-after", "1");
    }

    private void present(String... keys) {
        DefaultHttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, "/");
        for (String key : keys) {
            head.headers().add("x-api-key", key);
        }
        Target target = new Target(StandardOperations.MESSAGES, ApiFamily.ANTHROPIC, null, null);
        runner.run(new Exchange(head, target, new Rules(new Scripted())));
    }

    /** {@code key=owner}, {@code key=} for nobody's, {@code key!} for a search that fails, or the name of something else. */
    private void happen(String event) {
        int equals = event.indexOf('=');
        if (equals > 0) {
            String owner = event.substring(equals + 1);
            searches.get(event.substring(0, equals))
                    .complete(owner.isEmpty() ? null : new Principal(owner, Principal.Role.CLIENT));
        } else if (event.endsWith("!")) {
            searches.get(event.substring(0, event.length() - 1))
                    .completeExceptionally(new IllegalStateException("no database"));
        } else if (event.equals("leave")) {
            runner.finish(Outcome.CLIENT_CANCELLED);
        } else if (event.equals("3s")) {
            client.pass(PATIENCE);
        }
        client.turn();
    }

    private record Rules(Keys keys) implements Policy {

        @Override
        public Routes routes() {
            throw new AssertionError("nobody is routed here");
        }
    }
}
