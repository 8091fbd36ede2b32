package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Target;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;

/** Makes exchanges that have ended, for logs to tell of. */
final class EndedExchange {

    private EndedExchange() {}

    /** One that was refused. */
    static Exchange of(String path) {
        Exchange exchange = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, path),
                new Target(StandardOperations.MODELS, ApiFamily.OPENAI, null, null),
                null);
        exchange.end(Outcome.REJECTED);
        return exchange;
    }
}
