package io.costoptimal.gateway.tls;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.ClientCertificate;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.tls.TlsSettings.ClientAuth;
import io.costoptimal.gateway.tls.TlsSettings.Clients;
import io.netty.handler.ssl.SslProvider;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that prove themselves by a certificate: who is let in, and as which key. */
@Timeout(60)
class ClientCertificatesTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";

    private final TestCertificates certificates = new TestCertificates();
    private final X509Bundle one = certificates.issue("one.test");
    private final X509Bundle two = certificates.issue("two.test");
    private final X509Bundle both = certificates.issue("one.test", "two.test");
    private final X509Bundle unlisted = certificates.issue("three.test");
    private ScriptedOrigin origin;

    @BeforeEach
    void starts() throws Exception {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    }

    @AfterEach
    void stops() {
        origin.close();
    }

    /** Which certificate a client has, which key it sends, and what it is answered. */
    @ParameterizedTest
    @CsvSource({
        "none,     none,      401",
        "none,     key-one,   200",
        "none,     unknown,   401",
        "one,      none,      200",
        "one,      key-one,   200",
        "one,      key-two,   401",
        "one,      unknown,   200",
        "two,      none,      200",
        "two,      key-two,   200",
        "two,      key-one,   401",
        "both,     none,      401",
        "both,     key-one,   401",
        "unlisted, none,      401",
        "unlisted, key-one,   200",
        "unlisted, unknown,   401",
        "one,      two keys,  401",
    })
    void aCertificateActsAsTheKeyThatListsItAndMustNotContradictAnother(String certificate, String key, int status)
            throws Exception {
        try (TlsGateway gateway = start(ClientAuth.OPTIONAL);
                RawClient client = gateway.connect(client(certificate), "g")) {
            String authorization = switch (key) {
                case "none" -> "";
                case "two keys" -> "Authorization: Bearer key-one\r\nx-api-key: key-two\r\n";
                default -> "Authorization: Bearer " + key + "\r\n";
            };
            client.send(chat(BODY).replace("Authorization: Bearer " + TestGateway.KEY + "\r\n", authorization));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 " + status + " ");
            if (status == 200) {
                assertThat(origin.next().nextRequest())
                        .contains("Bearer " + TestGateway.PROVIDER_TOKEN)
                        .doesNotContain("key-one", "key-two", "unknown");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionThatResumesIsStillTheCertificates(String version) throws Exception {
        SSLContext context = client("one");
        try (TlsGateway gateway = start(ClientAuth.REQUIRED)) {
            for (int i = 0; i < 3; i++) {
                try (RawClient client = gateway.connect(new TlsSocket.Offer(context, "g").version(version))) {
                    client.send(chat(BODY).replace("Authorization: Bearer " + TestGateway.KEY + "\r\n", ""));
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void withoutACertificateThatIsRequiredNobodyGetsIn(String version) throws Exception {
        try (TlsGateway gateway = start(ClientAuth.REQUIRED)) {
            assertThatThrownBy(() -> talk(gateway, new TlsSocket.Offer(client("none"), "g").version(version)))
                    .isInstanceOf(IOException.class);
            awaitRefusal(gateway);
        }
    }

    @ParameterizedTest
    @CsvSource({"a stranger's, OPTIONAL", "expired, OPTIONAL", "for servers, OPTIONAL", "a stranger's, REQUIRED"})
    void aCertificateThatIsNotGoodEndsTheHandshake(String flaw, ClientAuth auth) throws Exception {
        X509Bundle bad = switch (flaw) {
            case "expired" ->
                certificates.issue(
                        new CertificateBuilder()
                                .ecp256()
                                .notBefore(Instant.parse("2020-01-01T00:00:00Z"))
                                .notAfter(Instant.parse("2021-01-01T00:00:00Z")),
                        "one.test");
            case "for servers" ->
                certificates.issue(new CertificateBuilder().ecp256().addExtendedKeyUsageServerAuth(), "one.test");
            default -> new TestCertificates().issue("one.test");
        };
        try (TlsGateway gateway = start(auth)) {
            assertThatThrownBy(() -> talk(gateway, new TlsSocket.Offer(forced(bad), "g")))
                    .isInstanceOf(IOException.class);
            awaitRefusal(gateway);
            assertThat(gateway.tls().counts().handshakes()).isEmpty();
        }
    }

    @Test
    void theJdkKnowsCertificatesToo() throws Exception {
        ServerTls tls = new ServerTls(
                "test", settings(ClientAuth.REQUIRED), false, SslProvider.JDK, new TicketSecrets(() -> 0));
        try (TlsGateway gateway = TlsGateway.start(tls, engine(), snapshot())) {
            for (int i = 0; i < 2; i++) {
                try (RawClient client = gateway.connect(client("one"), "g")) {
                    client.send(chat(BODY).replace("Authorization: Bearer " + TestGateway.KEY + "\r\n", ""));
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                }
            }
        }
    }

    /** The server hears of it a moment after the client, which waits for nothing by TLS 1.3. */
    private static void awaitRefusal(TlsGateway gateway) {
        while (gateway.tls().counts().failures().get(HandshakeFailure.CLIENT_CERTIFICATE) == 0) {
            Thread.onSpinWait();
        }
    }

    private static void talk(TlsGateway gateway, TlsSocket.Offer offer) throws IOException {
        try (RawClient client = gateway.connect(offer)) {
            client.send(chat(BODY));
            client.readMessage();
        }
    }

    private SSLContext client(String certificate) {
        return switch (certificate) {
            case "one" -> certificates.client(one);
            case "two" -> certificates.client(two);
            case "both" -> certificates.client(both);
            case "unlisted" -> certificates.client(unlisted);
            default -> certificates.client();
        };
    }

    /** A client that sends its certificate whoever the server asks for. */
    private SSLContext forced(X509Bundle bundle) {
        return TlsSocket.trusting(certificates.authority(), new ForcedKey(bundle));
    }

    private TlsSettings settings(ClientAuth auth) {
        return new TlsSettings(
                List.of(certificates.server("g")), new Clients(auth, List.of(certificates.authority())), null);
    }

    private TlsGateway start(ClientAuth auth) throws IOException {
        return TlsGateway.start(settings(auth), engine(), snapshot());
    }

    private static GatewaySettings engine() {
        return GatewaySettings.defaults().withEventLoops(1);
    }

    private Snapshot snapshot() {
        KeyEntry first = KeyEntry.of("key-one", new Principal("one", Principal.Role.CLIENT))
                .actedBy(List.of(ClientCertificate.id("ONE.test")));
        KeyEntry second = KeyEntry.of("key-two", new Principal("two", Principal.Role.CLIENT))
                .actedBy(List.of(
                        ClientCertificate.of(two.getCertificate()).ids().get(0), ClientCertificate.id("two.test")));
        return new Snapshot(
                KeyRing.of(List.of(first, second)), new Router(TestGateway.routes("gpt-4o", null, origin.port())));
    }
}
