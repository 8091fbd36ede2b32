package io.costoptimal.gateway.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.stage.RecordingRun;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthStageTest {

    private static final Principal ALICE = new Principal("alice", Principal.Role.CLIENT);
    private static final Keys KEYS = KeyRing.of(List.of(
            KeyEntry.of("canary-key", ALICE),
            KeyEntry.of("bobs-key", new Principal("bob", Principal.Role.CLIENT)),
            KeyEntry.of("\ud83d\ude00", new Principal("smiley", Principal.Role.CLIENT))));

    private final RecordingRun run = new RecordingRun();
    private final AuthStage stage = new AuthStage();

    @ParameterizedTest
    @CsvSource({
        "authorization, Bearer canary-key",
        "Authorization, bearer canary-key",
        "authorization, BEARER   canary-key",
        "x-api-key, canary-key",
        "api-key, canary-key",
        "x-goog-api-key, canary-key",
        "X-Gateway-Key, canary-key"
    })
    void letsInWhoeverHasAKey(String name, String value) {
        Exchange exchange = exchange(StandardOperations.MESSAGES, name + "=" + value);
        stage.enter(exchange, run);

        assertThat(run.wentOn()).isTrue();
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
                "authorization, Bearercanary-key, -, You didn't provide an API key",
                "authorization, canary-key, -, You didn't provide an API key",
                "x-api-key, Bearer canary-key, invalid_api_key, Incorrect API key",
                "cookie, canary-key, -, You didn't provide an API key",
                "x-api-key, CANARY-KEY, invalid_api_key, Incorrect API key",
            })
    void refusesEverybodyElseWithoutEchoingTheKey(String name, String value, String code, String message) {
        Exchange exchange = exchange(StandardOperations.MODELS, name + "=" + value);
        stage.enter(exchange, run);

        assertThat(run.wentOn()).isFalse();
        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(401);
        assertThat(rejection.code()).isEqualTo(code);
        assertThat(rejection.closes()).isTrue();
        assertThat(rejection.message())
                .startsWith(message)
                .doesNotContainIgnoringCase("canary")
                .doesNotContain("wrong");
        assertThat(exchange.state()).isEqualTo(ExchangeState.ACCEPTED);
    }

    @ParameterizedTest
    @CsvSource({
        "authorization=Bearer canary-key, x-api-key=foreign",
        "authorization=Bearer foreign, x-api-key=canary-key",
        "authorization=Bearer foreign, x-gateway-key=canary-key",
        "authorization=Bearer canary-key, x-gateway-key=foreign",
        "authorization=Bearer foreign, authorization=Bearer canary-key",
        "authorization=Basic foreign, api-key=canary-key",
        "authorization=Bearer canary-key, x-api-key=canary-key"
    })
    void goesByTheKeyThatIsOursWhateverElseIsPresented(String first, String second) {
        Exchange exchange = exchange(StandardOperations.MESSAGES, first, second);
        stage.enter(exchange, run);

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.principal()).isSameAs(ALICE);
        assertThat(exchange.gatewayKey()).isEqualTo("canary-key");
    }

    @ParameterizedTest
    @CsvSource({
        "authorization=Bearer canary-key, x-api-key=bobs-key",
        "authorization=Bearer bobs-key, x-gateway-key=canary-key",
        "x-api-key=canary-key, x-api-key=bobs-key"
    })
    void refusesTwoKeysThatAreBothOurs(String first, String second) {
        Exchange exchange = exchange(StandardOperations.MESSAGES, first, second);
        stage.enter(exchange, run);

        assertThat(run.wentOn()).isFalse();
        Rejection rejection = run.refusal();
        assertThat(rejection.status()).isEqualTo(401);
        assertThat(rejection.message()).doesNotContain("canary", "bob");
    }

    @Test
    void readsAKeyBeyondAsciiAsUtf8() {
        Exchange exchange = exchange(StandardOperations.MESSAGES, "x-api-key=\u00f0\u009f\u0098\u0080");
        stage.enter(exchange, run);

        assertThat(exchange.principal().name()).isEqualTo("smiley");
    }

    @Test
    void asksNoKeyForHealth() {
        Exchange exchange = exchange(StandardOperations.HEALTH, "x=y");
        stage.enter(exchange, run);

        assertThat(run.wentOn()).isTrue();
        assertThat(exchange.principal()).isNull();
    }

    /** @param fields each {@code name=value} */
    private static Exchange exchange(Operation operation, String... fields) {
        HttpRequest request = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, operation.path());
        for (String field : fields) {
            int equals = field.indexOf('=');
            request.headers().add(field.substring(0, equals), field.substring(equals + 1));
        }
        return new Exchange(request, new Target(operation, ApiFamily.OPENAI, null, null), new Policy() {
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
