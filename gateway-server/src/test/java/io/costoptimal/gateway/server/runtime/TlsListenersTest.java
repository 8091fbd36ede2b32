package io.costoptimal.gateway.server.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.config.ConfigFile;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.handover.Offer;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.testing.Wire;
import io.costoptimal.gateway.tls.ServerTls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS of the whole program: of its listeners for clients and for operators, from files that are renewed. */
@Timeout(60)
class TlsListenersTest {

    private static final String FILE = """
            listeners:
              - {listen: "127.0.0.1:0", tls: {certificates: [{certificate: a.pem, key: a.key}]}}
              - {listen: "127.0.0.2:0", tls: {certificates: [{certificate: b.pem, key: b.key}]}}
              - {listen: "127.0.0.3:0"}
            admin: {listen: "127.0.0.1:0", tls: {certificates: [{certificate: a.pem, key: a.key}]}}
            api_keys: [{key: k, role: admin}]
            providers: [{id: a, base_url: "http://127.0.0.1:1"}]
            """;

    @TempDir
    Path folder;

    private final TestCertificates certificates = new TestCertificates();
    private GatewayConfig config;

    @BeforeEach
    void writes() throws Exception {
        TestCertificates.write(folder, "a", certificates.issue("a.test"));
        TestCertificates.write(folder, "b", certificates.issue("b.test"));
        Files.writeString(folder.resolve("gateway.yaml"), FILE);
        config = ConfigFile.load(folder.resolve("gateway.yaml"), Map.of());
    }

    @Test
    void eachListenerSpeaksWithItsOwnCertificateOrPlainly() throws Exception {
        try (GatewayServer server = GatewayServer.start(config)) {
            List<String> addresses = server.addresses();
            for (int i = 0; i < 3; i++) {
                String[] at = addresses.get(i).split(":");
                int port = Integer.parseInt(at[1]);
                if (i == 2) {
                    try (RawClient client = RawClient.connect(new java.net.InetSocketAddress(at[0], port))) {
                        client.send("GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n");
                        assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
                    }
                } else {
                    try (RawClient client = RawClient.connect(
                            new java.net.InetSocketAddress(at[0], port),
                            new TlsSocket.Offer(certificates.client(), "x.test"))) {
                        assertThat(names(client)).containsExactly(i == 0 ? "a.test" : "b.test");
                        client.send("GET /v1/models HTTP/1.1\r\nHost: x.test\r\n\r\n");
                        assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
                    }
                }
            }
        }
    }

    @Test
    void listenersThatAreWrittenAlikeAreToldApartByTheirPlace() throws Exception {
        Files.writeString(folder.resolve("gateway.yaml"), FILE.replace("127.0.0.2:0", "127.0.0.1:0"));
        config = ConfigFile.load(folder.resolve("gateway.yaml"), Map.of());
        try (GatewayServer server = GatewayServer.start(config)) {
            SSLContext remembering = certificates.client();
            // A client remembers sessions by name and port, and takes both listeners for one here.
            TlsSocket.Offer offer = new TlsSocket.Offer(remembering, "a.test").remembered(1);
            List<Object> sessions = new ArrayList<>();
            for (int i : List.of(0, 0, 1)) {
                String[] at = server.addresses().get(i).split(":");
                try (RawClient client =
                        RawClient.connect(new java.net.InetSocketAddress(at[0], Integer.parseInt(at[1])), offer)) {
                    assertThat(names(client)).containsExactly(i == 0 ? "a.test" : "b.test");
                    client.send("GET /v1/models HTTP/1.1\r\nHost: a.test\r\n\r\n");
                    assertThat(client.readMessage()).startsWith("HTTP/1.1 401 ");
                    SSLSession session = client.tls().session();
                    if (session.getValue("mark") == null) {
                        session.putValue("mark", new Object());
                    }
                    sessions.add(session.getValue("mark"));
                }
            }
            assertThat(sessions.get(1)).as("resumed").isSameAs(sessions.get(0));
            assertThat(sessions.get(2)).isNotSameAs(sessions.get(0));
        }
    }

    @Test
    void operatorsComeOverTls() throws Exception {
        try (GatewayServer server = GatewayServer.start(config);
                RawClient client = RawClient.connect(
                        server.adminAddress().getPort(), new TlsSocket.Offer(certificates.client(), "a.test"))) {
            client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
            client.send("GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            String metrics = client.readToEnd();
            assertThat(client.end()).isEqualTo(Wire.End.CLOSE_NOTIFY);
            assertThat(metrics)
                    .contains("gateway_tls_handshakes_total{listener=\"admin\",version=\"TLSv1.3\"} 1")
                    .contains("gateway_tls_handshake_failures_total{listener=\"admin\",reason=\"plain_http\"} 0")
                    .contains("gateway_tls_certificate_end_seconds{listener=\"127.0.0.1:0\",number=\"1\"}");
        }
    }

    @Test
    void operatorsOverTlsStayConnectedWhileAnotherProcessTriesToTakeOver() throws Exception {
        TlsSocket.Offer offer = new TlsSocket.Offer(certificates.client(), "a.test");
        try (GatewayServer server = GatewayServer.start(config);
                RawClient before = RawClient.connect(server.adminAddress().getPort(), offer)) {
            Offer.Side side = server.handingOver(() -> {});
            side.pause();
            assertHealthy(before);
            assertThat(side.resume()).isTrue();
            assertHealthy(before);
            try (RawClient after = RawClient.connect(server.adminAddress().getPort(), offer)) {
                assertHealthy(after);
            }
        }
    }

    private static void assertHealthy(RawClient operator) throws Exception {
        operator.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
        assertThat(operator.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
    }

    @Test
    void plainHttpToTheOperatorsListenerIsToldSo() throws Exception {
        try (GatewayServer server = GatewayServer.start(config);
                RawClient client = RawClient.connect(server.adminAddress().getPort())) {
            client.send("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n");
            assertThat(client.readToEnd()).contains("This port speaks HTTPS");
        }
    }

    @Test
    void renewedFilesAreTakenOverOnceTheyAreWhole() throws Exception {
        try (TlsListeners listeners = new TlsListeners(config.server())) {
            ServerTls tls = listeners.of("127.0.0.1:0");
            Path certificate = folder.resolve("a.pem");
            Path key = folder.resolve("a.key");
            byte[] oldKey = Files.readAllBytes(key);
            TestCertificates.write(folder, "a", certificates.issue("renewed.test"));
            byte[] newKey = Files.readAllBytes(key);

            // The certificate is there already, its key is not.
            Files.write(key, oldKey);
            listeners.look();
            listeners.look();
            assertThat(served(tls)).containsExactly("a.test");

            Files.write(key, newKey);
            listeners.look();
            assertThat(served(tls)).containsExactly("a.test");
            listeners.look();
            assertThat(served(tls)).containsExactly("renewed.test");

            Files.delete(certificate);
            listeners.look();
            listeners.look();
            assertThat(served(tls)).containsExactly("renewed.test");
        }
    }

    /** As Kubernetes does it: the files are behind a link that is replaced. */
    @Test
    void filesBehindALinkAreTakenOverWhateverTheirAge() throws Exception {
        Path one = Files.createDirectory(folder.resolve("one"));
        Path two = Files.createDirectory(folder.resolve("two"));
        TestCertificates.write(one, "a", certificates.issue("one.test"));
        TestCertificates.write(two, "a", certificates.issue("two.test"));
        Path now = Files.createSymbolicLink(folder.resolve("now"), one);
        Files.writeString(
                folder.resolve("gateway.yaml"),
                FILE.replace(" a.pem", " now/a.pem").replace(" a.key", " now/a.key"));
        GatewayConfig linked = ConfigFile.load(folder.resolve("gateway.yaml"), Map.of());
        try (TlsListeners listeners = new TlsListeners(linked.server())) {
            Path next = Files.createSymbolicLink(folder.resolve("next"), two);
            Files.move(next, now, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            listeners.look();
            listeners.look();
            assertThat(served(listeners.of(TlsListeners.ADMIN))).containsExactly("two.test");
        }
    }

    @Test
    void aReloadTakesOverOtherFilesWithoutARestart() throws Exception {
        try (TlsListeners listeners = new TlsListeners(config.server())) {
            Files.writeString(
                    folder.resolve("gateway.yaml"), FILE.replaceFirst("a.pem, key: a.key", "b.pem, key: b.key"));
            GatewayConfig next = ConfigFile.load(folder.resolve("gateway.yaml"), Map.of());
            assertThat(Restart.neededFor(config, next)).isEmpty();
            listeners.reload(next.server());
            assertThat(served(listeners.of("127.0.0.1:0"))).containsExactly("b.test");
            assertThat(served(listeners.of(TlsListeners.ADMIN))).containsExactly("a.test");
        }
    }

    @Test
    void toBeginOrEndTlsTakesARestart() throws Exception {
        Files.writeString(folder.resolve("plain.yaml"), FILE.replaceAll(", tls: \\{certificates.*?}]}", ""));
        GatewayConfig plain = ConfigFile.load(folder.resolve("plain.yaml"), Map.of());
        assertThat(Restart.neededFor(config, plain)).containsExactly("listen", "admin");
        assertThat(Restart.neededFor(plain, config)).containsExactly("listen", "admin");
    }

    private static Iterable<String> served(ServerTls tls) {
        return tls.settings().certificates().get(0).names();
    }

    private static List<String> names(RawClient client) throws Exception {
        return ((X509Certificate) client.tls().session().getPeerCertificates()[0])
                .getSubjectAlternativeNames().stream()
                        .map(name -> (String) name.get(1))
                        .toList();
    }
}
