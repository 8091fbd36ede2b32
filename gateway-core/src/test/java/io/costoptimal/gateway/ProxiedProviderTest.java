package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Proxy;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whole exchanges with providers behind a proxy. */
@Timeout(60)
class ProxiedProviderTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String PASSWORD = "proxy-canary";

    /** What the provider was sent through the proxy. */
    private final ByteArrayOutputStream overheard = new ByteArrayOutputStream();

    @Test
    void speaksTlsToTheProviderAndLeavesTheProxyInTheDark() throws Exception {
        X509Bundle authority = new CertificateBuilder()
                .ecp256()
                .subject("CN=authority")
                .setIsCertificateAuthority(true)
                .buildSelfSigned();
        X509Bundle leaf = new CertificateBuilder()
                .ecp256()
                .subject("CN=leaf")
                .addSanDnsName("localhost")
                .buildIssuedBy(authority);
        GatewaySettings trusting = GatewaySettings.defaults().withAlsoTrusted(List.of(authority.getCertificate()));
        try (ScriptedOrigin origin = ScriptedOrigin.start(secure(leaf), ScriptedOrigin.answering(OK));
                ScriptedOrigin proxy = ScriptedOrigin.start(this::relay);
                TestGateway gateway = start(trusting, behind(proxy, "https://localhost:" + origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 2; i++) { // the second time on the connection that was kept
                client.send(TestGateway.chat(BODY));
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .endsWith("\r\n\r\nok");
            }

            String request = origin.next().nextRequest();
            assertThat(request)
                    .contains("Host: localhost:" + origin.port() + "\r\n", TestGateway.PROVIDER_TOKEN)
                    .doesNotContainIgnoringCase("proxy");
            assertThat(proxy.connections()).hasSize(1);
            ScriptedOrigin.Connection seen = proxy.next();
            assertThat(seen.nextRequest()).startsWith("CONNECT localhost:" + origin.port() + " HTTP/1.1\r\n");
            assertThat(overheard.toString(StandardCharsets.ISO_8859_1))
                    .hasSizeGreaterThan(request.length())
                    .doesNotContain(TestGateway.PROVIDER_TOKEN, "gpt-4o", "HTTP/1.1");
        }
    }

    @Test
    void asksTheNextProviderWhenTheProxyRefuses() throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                ScriptedOrigin proxy = ScriptedOrigin.start(ScriptedOrigin.answering(
                        "HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n"));
                TestGateway gateway = start(
                        GatewaySettings.defaults(),
                        behind(proxy, "http://provider.invalid"),
                        TestGateway.provider(origin.port()));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(BODY));

            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
            TestGateway.End end = gateway.nextEnd();
            assertThat(end.attempts()).isEqualTo(2);
            assertThat(end.failure()).contains("the proxy answered 407").doesNotContain(PASSWORD);
        }
    }

    @Test
    void tellsTheClientNothingOfAProxyThatRefuses() throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(
                        ScriptedOrigin.answering(
                                "HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\ncontent-length: 0\r\n\r\n"));
                TestGateway gateway = start(GatewaySettings.defaults(), behind(proxy, "http://provider.invalid"));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(TestGateway.chat(BODY));

            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 502 ")
                    .doesNotContainIgnoringCase("proxy")
                    .doesNotContain("407", "provider.invalid");
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.UPSTREAM_FAILED);
        }
    }

    private static TestGateway start(GatewaySettings settings, Provider... providers) throws IOException {
        Candidate[] candidates = Arrays.stream(providers)
                .map(provider -> new Candidate(provider, null))
                .toArray(Candidate[]::new);
        return TestGateway.start(settings.withEventLoops(1), TestGateway.routes("gpt-4o", candidates));
    }

    private static Provider behind(ScriptedOrigin proxy, String base) {
        Provider direct = TestGateway.provider(ProviderKinds.OPENAI, base, Duration.ofSeconds(10));
        Proxy settings = new Proxy("127.0.0.1", proxy.port(), "user", PASSWORD);
        return direct.at(new Location(direct.base(), Location.Join.SDK, settings));
    }

    /** What a proxy does: opens the way it is asked for, and then passes on whatever comes. */
    private void relay(ScriptedOrigin.Connection connection) throws Exception {
        String head = connection.readRequest();
        int port = Integer.parseInt(head.substring(head.indexOf(':') + 1, head.indexOf(" HTTP")));
        try (Socket provider = new Socket(InetAddress.getLoopbackAddress(), port)) {
            connection.send("HTTP/1.1 200 Connection established\r\n\r\n");
            InputStream answers = provider.getInputStream();
            OutputStream client = connection.socket().getOutputStream();
            Thread back = new Thread(() -> copy(answers, client), "relay");
            back.setDaemon(true);
            back.start();
            InputStream requests = connection.socket().getInputStream();
            byte[] piece = new byte[8192];
            for (int n = requests.read(piece); n >= 0; n = requests.read(piece)) {
                overheard.write(piece, 0, n);
                provider.getOutputStream().write(piece, 0, n);
            }
        }
    }

    private static void copy(InputStream from, OutputStream to) {
        try {
            from.transferTo(to);
        } catch (IOException e) {
            // One of the two has gone, and with it the way.
        }
    }

    private static ServerSocket secure(X509Bundle certificate) throws Exception {
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(certificate.toKeyManagerFactory().getKeyManagers(), null, null);
        return tls.getServerSocketFactory().createServerSocket(0, 16, InetAddress.getLoopbackAddress());
    }
}
