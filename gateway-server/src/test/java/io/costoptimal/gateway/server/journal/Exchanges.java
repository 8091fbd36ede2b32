package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Exchanges to be told of. */
public final class Exchanges {

    private Exchanges() {}

    /** One that was refused. */
    static Exchange ended(String path) {
        Exchange exchange = accepted(path);
        exchange.end(Outcome.REJECTED);
        return exchange;
    }

    /** One that has come as far as its first attempt, with a name for each thing that has one. */
    static Exchange attempting(String path, String name) {
        Exchange exchange = accepted(path);
        exchange.authenticated(new Principal("key " + name, Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField("model", 0, 1), false, -1, false, 2), new HeldBody());
        Candidate candidate = candidate("provider " + name);
        exchange.routed(new Decision(
                "model",
                new Decision.Match("entry " + name, "rule " + name),
                List.of(candidate),
                RetryOn.ALL,
                new Decision.Tokens(1, 2, false)));
        exchange.attempt(candidate);
        return exchange;
    }

    public static Candidate candidate(String provider) {
        return new Candidate(
                new Provider(
                        provider,
                        ProviderKinds.OPENAI,
                        URI.create("http://127.0.0.1:1"),
                        new Provider.Access(null, null, Map.of()),
                        Duration.ofSeconds(1)),
                null);
    }

    /** One whose decision has fallen, under the prices of {@code policy}. */
    public static Exchange routed(Policy policy, Choice choice) {
        Exchange exchange = accepted("/", policy);
        exchange.authenticated(new Principal("team", Principal.Role.CLIENT));
        exchange.inspected(
                new RequestFacts(new RequestFacts.ModelField("asked", 0, 1), true, -1, false, 2), new HeldBody());
        Decision.Match match = new Decision.Match("entry", "rule 1: true");
        exchange.routed(new Decision("asked", match, choice, RetryOn.ALL, new Decision.Tokens(1, 2, true)));
        return exchange;
    }

    private static Exchange accepted(String path) {
        return accepted(path, null);
    }

    private static Exchange accepted(String path, Policy policy) {
        return new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path),
                new Target(StandardOperations.CHAT_COMPLETIONS, ApiFamily.OPENAI, null, null),
                policy);
    }
}
