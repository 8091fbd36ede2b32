package io.costoptimal.gateway.tls;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.tls.TlsSettings.ClientAuth;
import io.costoptimal.gateway.tls.TlsSettings.Clients;
import io.netty.handler.ssl.SslProvider;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions resume where they belong, and nowhere else. */
@Timeout(60)
class SessionsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String MARK = "mark";
    private static final byte[] SECRET = new byte[32];

    private final TestCertificates certificates = new TestCertificates();
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final ServerCertificate server = certificates.server("g", "h", "*.wild.test");
    private final SSLContext client = certificates.client();
    private ScriptedOrigin origin;

    @BeforeEach
    void starts() throws Exception {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
    }

    @AfterEach
    void stops() {
        origin.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionResumesUnderItsNameAlsoOfAWildcardAndAfterARenewal(String version) throws Exception {
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server)))) {
            for (String name : List.of("g", "a.wild.test")) {
                Object first = talk(gateway, name, version);
                assertThat(talk(gateway, name, version)).isSameAs(first);

                gateway.reload(new TlsSettings(List.of(certificates.server("g", "*.wild.test", "more.test"))));
                assertThat(talk(gateway, name, version)).isSameAs(first);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void aSessionOutlivesItsHourAndNotTwoMore(String version) throws Exception {
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server)))) {
            Object first = talk(gateway, "g", version);
            millis.addAndGet(TicketSecrets.PERIOD_MILLIS);
            assertThat(talk(gateway, "g", version)).isSameAs(first);
        }
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server)))) {
            Object first = talk(gateway, "g", version);
            millis.addAndGet(2 * TicketSecrets.PERIOD_MILLIS);
            assertThat(talk(gateway, "g", version)).isNotSameAs(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void noSessionResumesUnderAnotherClientCa(String version) throws Exception {
        TestCertificates others = new TestCertificates();
        Clients ours = new Clients(ClientAuth.OPTIONAL, List.of(certificates.authority()));
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server), ours, null))) {
            Object first = talk(gateway, "g", version);
            assertThat(talk(gateway, "g", version)).isSameAs(first);

            Clients theirs = new Clients(ClientAuth.OPTIONAL, List.of(others.authority()));
            gateway.reload(new TlsSettings(List.of(server), theirs, null));
            Object second = talk(gateway, "g", version);
            assertThat(second).isNotSameAs(first);
            assertThat(talk(gateway, "g", version)).isSameAs(second);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void processesThatShareASecretResumeEachOthersSessionsOfTheSameListener(String version) throws Exception {
        TlsSettings shared = new TlsSettings(List.of(server), Clients.UNASKED, SECRET);
        Object first;
        int port;
        try (TlsGateway gateway = start("one", shared)) {
            first = talk(gateway, "g", version);
            port = gateway.port();
        }
        // A client keeps sessions by name and port.
        try (TlsGateway next = start("one", shared)) {
            assertThat(talk(next, "g", version, port)).isSameAs(first);
        }
        try (TlsGateway other = start("another", shared)) {
            assertThat(talk(other, "g", version, port)).isNotSameAs(first);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void processesWithoutASharedSecretDoNot(String version) throws Exception {
        Object first;
        int port;
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server)))) {
            first = talk(gateway, "g", version);
            port = gateway.port();
        }
        try (TlsGateway next = start("one", new TlsSettings(List.of(server)))) {
            assertThat(talk(next, "g", version, port)).isNotSameAs(first);
        }
    }

    private TlsGateway start(String listener, TlsSettings settings) throws Exception {
        ServerTls tls =
                new ServerTls(listener, settings, false, SslProvider.OPENSSL_REFCNT, new TicketSecrets(millis::get));
        return TlsGateway.start(
                tls,
                GatewaySettings.defaults().withEventLoops(2),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, origin.port())));
    }

    private Object talk(TlsGateway gateway, String name, String version) throws Exception {
        return talk(gateway, name, version, gateway.port());
    }

    /**
     * Sends a request, and reads its answer, by which time tickets have come.
     *
     * @param remembered the port under which the client remembers sessions
     * @return a mark of the session, the same object in one that was resumed
     */
    private Object talk(TlsGateway gateway, String name, String version, int remembered) throws Exception {
        TlsSocket.Offer offer =
                new TlsSocket.Offer(client, name).version(version).remembered(remembered);
        try (RawClient connection = gateway.connect(offer)) {
            connection.send(chat(BODY).replace("Host: g\r\n", "Host: " + name + "\r\n"));
            assertThat(connection.readMessage()).startsWith("HTTP/1.1 200 OK\r\n");
            SSLSession session = connection.tls().session();
            if (session.getValue(MARK) == null) {
                session.putValue(MARK, new Object());
            }
            return session.getValue(MARK);
        }
    }
}
