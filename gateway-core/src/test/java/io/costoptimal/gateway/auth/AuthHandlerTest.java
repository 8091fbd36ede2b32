package io.costoptimal.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Endpoint;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthHandlerTest {

    private static final Principal ALICE = new Principal("alice", Principal.Role.CLIENT, Set.of());
    private static final Keys KEYS = KeyRing.of(List.of(KeyEntry.of("canary-key", ALICE)));

    private final EmbeddedChannel channel = new EmbeddedChannel(new AuthHandler());

    @AfterEach
    void close() {
        channel.finishAndReleaseAll();
    }

    @ParameterizedTest
    @CsvSource({"authorization, Bearer canary-key", "x-api-key, canary-key", "api-key, canary-key"})
    void letsInWhoeverHasAKey(String name, String value) {
        Exchange exchange = exchange(Endpoint.MESSAGES, name, value);
        channel.writeInbound(exchange, LastHttpContent.EMPTY_LAST_CONTENT);

        assertThat(channel.<Object>readInbound()).isSameAs(exchange);
        assertThat(channel.<Object>readInbound()).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(exchange.principal()).isSameAs(ALICE);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "x, y, -, You didn't provide an API key",
                "authorization, Basic canary-key, -, You didn't provide an API key",
                "authorization, Bearer, -, You didn't provide an API key",
                "authorization, Bearer wrong-key, invalid_api_key, Incorrect API key",
                "authorization, Bearer  canary-key, invalid_api_key, Incorrect API key",
                "x-api-key, CANARY-KEY, invalid_api_key, Incorrect API key",
            })
    void refusesEverybodyElseWithoutEchoingTheKey(String name, String value, String code, String message) {
        Exchange exchange = exchange(Endpoint.MODELS, name, value);
        channel.writeInbound(exchange);

        assertThat(channel.<Object>readInbound()).isNull();
        Rejection rejection = channel.readOutbound();
        assertThat(rejection.status()).isEqualTo(401);
        assertThat(rejection.code()).isEqualTo(code);
        assertThat(rejection.closes()).isTrue();
        assertThat(rejection.message())
                .startsWith(message)
                .doesNotContainIgnoringCase("canary")
                .doesNotContain("wrong");
        assertThat(exchange.state()).isEqualTo(ExchangeState.ACCEPTED);
    }

    @Test
    void refusesTwoKeysThatDifferAlthoughOneIsRight() {
        Exchange exchange = exchange(Endpoint.MESSAGES, "authorization", "Bearer canary-key");
        exchange.request().headers().add("x-api-key", "other");
        channel.writeInbound(exchange);

        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(channel.<Rejection>readOutbound().status()).isEqualTo(401);
    }

    @Test
    void asksNoKeyForHealth() {
        Exchange exchange = exchange(Endpoint.HEALTH, "x", "y");
        channel.writeInbound(exchange);

        assertThat(channel.<Object>readInbound()).isSameAs(exchange);
        assertThat(exchange.principal()).isNull();
    }

    private static Exchange exchange(Endpoint endpoint, String name, String value) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, endpoint.path());
        request.headers().add(name, value);
        return new Exchange(request, new Target(endpoint, ApiFamily.OPENAI, null, null), true, new Policy() {
            @Override
            public Keys keys() {
                return KEYS;
            }

            @Override
            public Routes routes() {
                throw new UnsupportedOperationException();
            }
        });
    }
}
