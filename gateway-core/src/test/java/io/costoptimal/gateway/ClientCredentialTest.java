package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider that wants the client's own credential gets it, and nobody else does. */
class ClientCredentialTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BODY = "{\"model\":\"m\"}";
    private static final String OWN = "sk-ant-clients-own";

    private static final String BOTH =
            "Authorization: Bearer " + OWN + "\r\nx-gateway-key: " + TestGateway.KEY + "\r\n";
    private static final String GATEWAYS = "Authorization: Bearer " + TestGateway.KEY + "\r\n";

    @Test
    void goesToItsProviderWithoutTheGatewayKey() throws Exception {
        try (ScriptedOrigin theirs = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(clientsOwn(theirs));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(BOTH));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(theirs.next().nextRequest())
                    .contains("\r\nAuthorization: Bearer " + OWN + "\r\n")
                    .doesNotContain(TestGateway.KEY, "x-gateway-key", "x-api-key");
        }
    }

    @Test
    void isStrippedForTheNextCandidate() throws Exception {
        String failing = "HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n";
        try (ScriptedOrigin theirs = ScriptedOrigin.start(ScriptedOrigin.answering(failing));
                ScriptedOrigin ours = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(clientsOwn(theirs), TestGateway.provider(ours.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(BOTH));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(theirs.next().nextRequest()).contains(OWN).doesNotContain(TestGateway.PROVIDER_TOKEN);
            assertThat(ours.next().nextRequest())
                    .contains("\r\nAuthorization: Bearer " + TestGateway.PROVIDER_TOKEN + "\r\n")
                    .doesNotContain(OWN, TestGateway.KEY, "x-gateway-key");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                GATEWAYS,
                GATEWAYS + "x-api-key: " + TestGateway.KEY + "\r\n",
                GATEWAYS + "x-gateway-key: " + OWN + "\r\n",
                "x-gateway-key: " + TestGateway.KEY + "\r\nAuthorization: Basic abc\r\n"
            })
    void itsProviderIsSkippedForAClientThatBringsNone(String credential) throws Exception {
        try (ScriptedOrigin theirs = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                ScriptedOrigin ours = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(clientsOwn(theirs), TestGateway.provider(ours.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(credential));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            assertThat(ours.next().nextRequest()).contains(TestGateway.PROVIDER_TOKEN);
            assertThat(theirs.connections()).isEmpty();
        }
    }

    @Test
    void aClientThatBringsNoneIsToldSoWhenNobodyElseServesTheModel() throws Exception {
        try (ScriptedOrigin theirs = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(clientsOwn(theirs));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(GATEWAYS));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 401 ")
                    .contains("x-gateway-key", "x-should-retry: false")
                    .doesNotContain(TestGateway.KEY);
            assertThat(theirs.connections()).isEmpty();
        }
    }

    /** Agents fetch a new token when they see it; and nobody pays for a client whose own account is refused. */
    @ParameterizedTest
    @ValueSource(strings = {"401 Unauthorized", "403 Forbidden"})
    void itsRefusalIsTheClientsAndNobodyElseIsAsked(String status) throws Exception {
        String error = "{\"error\":{\"type\":\"authentication_error\",\"message\":\"expired\"}}";
        String refusal = "HTTP/1.1 " + status + "\r\nContent-Length: " + error.length() + "\r\n\r\n" + error;
        try (ScriptedOrigin theirs = ScriptedOrigin.start(ScriptedOrigin.answering(refusal));
                ScriptedOrigin ours = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(clientsOwn(theirs), TestGateway.provider(ours.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(BOTH));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 " + status).endsWith(error);
            assertThat(ours.connections()).isEmpty();
        }
    }

    private static String request(String credential) {
        return "POST /v1/messages HTTP/1.1\r\nHost: g\r\n" + credential
                + "Content-Type: application/json\r\nContent-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    }

    private static Provider clientsOwn(ScriptedOrigin origin) {
        return new Provider(
                "theirs",
                ProviderKinds.ANTHROPIC,
                URI.create("http://127.0.0.1:" + origin.port()),
                new Provider.Access(null, null, Map.of(), true),
                Duration.ofSeconds(10));
    }

    private static TestGateway start(Provider... providers) throws Exception {
        Candidate[] candidates = new Candidate[providers.length];
        for (int i = 0; i < providers.length; i++) {
            candidates[i] = new Candidate(providers[i], null);
        }
        return TestGateway.start(GatewaySettings.defaults().withEventLoops(1), TestGateway.routes("m", candidates));
    }
}
