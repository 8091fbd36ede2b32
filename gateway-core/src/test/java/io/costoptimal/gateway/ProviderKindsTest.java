package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of provider gets the path, the credential and the security it wants, whatever form the client used. */
class ProviderKindsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BODY = "{\"model\":\"m\",\"max_tokens\":5}";
    private static final String WITHOUT_MODEL = "{\"messages\":[]}";
    private static final String DEPLOYMENT = "/openai/deployments/m/chat/completions?api-version=2024-02-01";
    private static final String AZURE = "/openai/deployments/";

    static Stream<Arguments> forms() {
        String chat = "/v1/chat/completions";
        String sent = "2024-10-21";
        return Stream.of(
                Arguments.of(ProviderKinds.OPENAI, "", chat, BODY, null, chat, BODY),
                Arguments.of(
                        ProviderKinds.OPENAI,
                        "",
                        DEPLOYMENT,
                        WITHOUT_MODEL,
                        null,
                        chat + "?api-version=2024-02-01",
                        "{\"model\":\"m\",\"messages\":[]}"),
                Arguments.of(
                        ProviderKinds.AZURE,
                        "",
                        chat,
                        BODY,
                        null,
                        AZURE + "m/chat/completions?api-version=" + sent,
                        BODY),
                Arguments.of(
                        ProviderKinds.AZURE,
                        "",
                        DEPLOYMENT,
                        WITHOUT_MODEL,
                        null,
                        AZURE + "m/chat/completions?api-version=" + sent,
                        null),
                Arguments.of(
                        ProviderKinds.AZURE,
                        "",
                        DEPLOYMENT,
                        WITHOUT_MODEL,
                        "prod 4",
                        AZURE + "prod%204/chat/completions?api-version=" + sent,
                        null),
                Arguments.of(
                        ProviderKinds.AZURE,
                        "/openai/v1",
                        chat,
                        BODY,
                        "prod",
                        "/openai/v1/chat/completions?api-version=" + sent,
                        BODY.replace("\"m\"", "\"prod\"")),
                Arguments.of(ProviderKinds.ANTHROPIC, "/v1", "/v1/messages", BODY, null, "/v1/messages", BODY),
                Arguments.of(
                        ProviderKinds.OPENAI,
                        "/api/paas/v4",
                        "/v1/embeddings",
                        BODY,
                        null,
                        "/api/paas/v4/embeddings",
                        BODY),
                Arguments.of(
                        ProviderKinds.OPENAI,
                        "/v1beta/openai/",
                        chat,
                        BODY,
                        null,
                        "/v1beta/openai/chat/completions",
                        BODY),
                Arguments.of(ProviderKinds.ANTHROPIC, "/x/v4", "/v1/messages", BODY, null, "/x/v4/messages", BODY));
    }

    /** {@code expected} is {@code null} where the client's body passes as it is. */
    @ParameterizedTest(name = "{0}{1}: {2} as {4} becomes {5}")
    @MethodSource("forms")
    void speaksTheProvidersForm(
            ProviderKind kind, String base, String path, String body, String model, String target, String expected)
            throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(
                        GatewaySettings.defaults(), model, provider(kind, "http://127.0.0.1:" + origin.port() + base));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request(path, body));
            assertThat(client.readMessage()).isEqualTo(OK);
            String credential = Map.of(
                            ProviderKinds.OPENAI, "Authorization: Bearer ",
                            ProviderKinds.ANTHROPIC, "x-api-key: ",
                            ProviderKinds.AZURE, "api-key: ")
                    .get(kind);
            assertThat(origin.next().nextRequest())
                    .startsWith("POST " + target + " HTTP/1.1\r\n")
                    .contains("\r\n" + credential + TestGateway.PROVIDER_TOKEN + "\r\n")
                    .contains("\r\nanthropic-version: 2023-06-01\r\n")
                    .doesNotContain(TestGateway.KEY)
                    .endsWith("\r\n\r\n" + (expected == null ? body : expected));
        }
    }

    /** Faults F75: a certificate that proves nothing is a failed attempt, and never plain text instead. */
    @ParameterizedTest
    @CsvSource({"another name", "expired", "nobody's"})
    void failsOverWhenAProviderCannotProveItself(String flaw) throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .ecp256()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        CertificateBuilder leaf = new CertificateBuilder().ecp256().subject("CN=leaf");
        X509Bundle good = leaf.copy().addSanDnsName("localhost").buildIssuedBy(authority);
        X509Bundle bad = switch (flaw) {
            case "another name" -> leaf.addSanDnsName("elsewhere.test").buildIssuedBy(authority);
            case "expired" ->
                leaf.addSanDnsName("localhost")
                        .notBefore(Instant.now().minusSeconds(7200))
                        .notAfter(Instant.now().minusSeconds(3600))
                        .buildIssuedBy(authority);
            default ->
                leaf.addSanDnsName("localhost").setIsCertificateAuthority(true).buildSelfSigned();
        };
        GatewaySettings trusting = GatewaySettings.defaults().withAlsoTrusted(List.of(authority.getCertificate()));
        try (ScriptedOrigin impostor = ScriptedOrigin.start(secure(bad), ScriptedOrigin.answering(OK));
                ScriptedOrigin genuine = ScriptedOrigin.start(secure(good), ScriptedOrigin.answering(OK))) {
            Provider first = provider(ProviderKinds.OPENAI, "https://localhost:" + impostor.port());
            Provider second = provider(ProviderKinds.OPENAI, "https://localhost:" + genuine.port());
            try (TestGateway gateway = start(trusting, null, first, second);
                    RawClient client = RawClient.connect(gateway.port())) {
                client.send(request("/v1/chat/completions", BODY));
                assertThat(client.readMessage()).isEqualTo(OK);
                assertThat(gateway.nextEnd().attempts()).isEqualTo(2);
                assertThat(genuine.next().nextRequest()).endsWith(BODY);
            }
            try (TestGateway gateway = start(trusting, null, first);
                    RawClient client = RawClient.connect(gateway.port())) {
                client.send(request("/v1/chat/completions", BODY));
                assertThat(client.readMessage()).startsWith("HTTP/1.1 502 ").doesNotContain("localhost");
                assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
            }
            assertThat(impostor.connections())
                    .allSatisfy(call -> assertThat(call.received()).isEmpty());
        }
    }

    /** Faults F75; {@code .invalid} never resolves (RFC 6761 section 6.4). */
    @Test
    void failsOverWhenANameDoesNotExist() throws Exception {
        try (ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = start(
                        GatewaySettings.defaults(),
                        null,
                        provider(ProviderKinds.OPENAI, "http://provider.invalid"),
                        provider(ProviderKinds.OPENAI, "http://127.0.0.1:" + good.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(request("/v1/chat/completions", BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(gateway.nextEnd()).satisfies(end -> {
                assertThat(end.attempts()).isEqualTo(2);
                assertThat(end.failure()).contains("RESOLVE");
            });
        }
    }

    private static String request(String path, String body) {
        return "POST " + path + " HTTP/1.1\r\nHost: g\r\napi-key: " + TestGateway.KEY
                + "\r\nanthropic-version: 2023-06-01\r\nContent-Type: application/json\r\nContent-Length: "
                + body.length() + "\r\n\r\n" + body;
    }

    private static TestGateway start(GatewaySettings settings, String model, Provider... providers) throws Exception {
        Candidate[] candidates = Stream.of(providers)
                .map(provider -> new Candidate(provider, model))
                .toArray(Candidate[]::new);
        return TestGateway.start(settings.withEventLoops(1), TestGateway.routes("m", candidates));
    }

    private static Provider provider(ProviderKind kind, String base) {
        return TestGateway.provider(kind, base, Duration.ofSeconds(10));
    }

    private static ServerSocket secure(X509Bundle certificate) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        return tls.getServerSocketFactory().createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    }
}
