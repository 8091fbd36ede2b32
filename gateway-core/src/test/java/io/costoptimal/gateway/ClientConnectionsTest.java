package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ClientConnection;
import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.tls.ServerTls;
import io.costoptimal.gateway.tls.TlsSettings;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reports tell of the connections over which requests come, over real sockets. */
@Timeout(60)
class ClientConnectionsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    private final TestCertificates certificates = new TestCertificates();
    private final BlockingQueue<ClientConnection> seen = new LinkedBlockingQueue<>();
    private ScriptedOrigin origin;
    private ServerTls tls;
    private TestGateway gateway;

    @BeforeEach
    void start() throws Exception {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
        tls = new ServerTls("secured", new TlsSettings(List.of(certificates.server("g", "h.test"))), true);
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        gateway = TestGateway.start(
                List.of(Listener.at(any).withHttp2(), Listener.at(any).over(tls)),
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())),
                exchange -> null,
                end -> seen.add(end.connection()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        tls.close();
        origin.close();
    }

    private RawClient connect(int listener, TlsSocket.Offer offer) throws Exception {
        SocketAddress at = gateway.gateway().addresses().get(listener);
        int port = ((InetSocketAddress) at).getPort();
        return offer == null ? RawClient.connect(port) : RawClient.connect(port, offer);
    }

    private ClientConnection seen() throws InterruptedException {
        return seen.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void withoutTlsTheProtocolIsAllThereIs() throws Exception {
        try (RawClient client = connect(0, null)) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(seen()).isSameAs(ClientConnection.HTTP_1);
        }
        try (RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, BODY);
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(seen()).isSameAs(ClientConnection.HTTP_2);
        }
    }

    @Test
    void overTlsTheVersionAndTheNameThatWasAskedForAreKnown() throws Exception {
        for (String version : List.of("TLSv1.2", "TLSv1.3")) {
            TlsSocket.Offer offer = new TlsSocket.Offer(certificates.client(), "h.test").version(version);
            try (RawClient client = connect(1, offer)) {
                client.send(chat(BODY).replace("Host: g", "Host: h.test"));
                assertThat(client.readMessage()).isEqualTo(OK);
                assertThat(seen()).isEqualTo(new ClientConnection(Protocol.HTTP_1, version, "h.test", null));
            }
        }
        try (RawClient client = connect(1, new TlsSocket.Offer(certificates.client(), null))) {
            client.send(chat(BODY));
            assertThat(client.readMessage()).isEqualTo(OK);
            assertThat(seen()).isEqualTo(new ClientConnection(Protocol.HTTP_1, "TLSv1.3", null, null));
        }
        try (RawClient tcp = connect(1, new TlsSocket.Offer(certificates.client(), "g").alpn("h2"));
                RawHttp2Client client = RawHttp2Client.over(tcp.tls())) {
            client.chat(1, BODY);
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(seen()).isEqualTo(new ClientConnection(Protocol.HTTP_2, "TLSv1.3", "g", null));
        }
    }
}
