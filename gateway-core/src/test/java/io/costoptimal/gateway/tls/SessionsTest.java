package io.costoptimal.gateway.tls;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestCertificates;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.TlsGateway;
import io.costoptimal.gateway.testing.TlsSocket;
import io.costoptimal.gateway.tls.TlsSettings.ClientAuth;
import io.costoptimal.gateway.tls.TlsSettings.Clients;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.ReferenceCountUtil;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions resume where they belong, and nowhere else. */
@Timeout(60)
class SessionsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String MARK = "mark";
    private static final byte[] SECRET = new byte[32];

    private static final Path OPENSSL = Path.of("/usr/bin/openssl");

    @TempDir
    private Path folder;

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
    void noSessionOfASecretThatWasReplacedResumes(String version) throws Exception {
        byte[] leaked = SECRET.clone();
        byte[] next = SECRET.clone();
        next[31] = 1;
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server), Clients.UNASKED, leaked))) {
            Object first = talk(gateway, "g", version);
            gateway.reload(new TlsSettings(List.of(server), Clients.UNASKED, next));
            Object second = talk(gateway, "g", version);
            assertThat(second).isNotSameAs(first);
            assertThat(talk(gateway, "g", version)).isSameAs(second);

            gateway.reload(new TlsSettings(List.of(server)));
            Object third = talk(gateway, "g", version);
            assertThat(third).as("with this process's own secrets").isNotSameAs(second);
            assertThat(talk(gateway, "g", version)).isSameAs(third);
        }
    }

    /** By a client that offers its session under any name, which the JDK does not. */
    @ParameterizedTest
    @ValueSource(strings = {"-tls1_2", "-tls1_3"})
    void aSessionResumesUnderItsOwnNameOnlyWhetherACertificateHasItOrNot(String version) throws Exception {
        assumeTrue(Files.isExecutable(OPENSSL), "no openssl here");
        try (TlsGateway gateway = start("one", new TlsSettings(List.of(server)))) {
            for (String name : List.of("g", "a.wild.test", "nobody.test")) {
                String session = folder.resolve(name).toString();
                assertThat(openssl(gateway, version, name, "-sess_out", session))
                        .contains("New, TLSv1.");
                for (String other : List.of("g", "h", "a.wild.test", "b.wild.test", "nobody.test", "other.test")) {
                    assertThat(openssl(gateway, version, other, "-sess_in", session))
                            .as("a session of " + name + " under " + other)
                            .contains(name.equals(other) ? "Reused, TLSv1." : "New, TLSv1.");
                }
            }
        }
    }

    /** What the program says that asks for one answer. */
    private String openssl(TlsGateway gateway, String version, String name, String... session) throws Exception {
        List<String> command = new ArrayList<>(List.of(OPENSSL.toString(), "s_client", "-ign_eof", version));
        command.addAll(List.of("-connect", "127.0.0.1:" + gateway.port(), "-servername", name));
        command.addAll(List.of(session));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try (OutputStream in = process.getOutputStream()) {
            String head = "GET / HTTP/1.1\r\nHost: " + name + "\r\nConnection: close\r\n\r\n";
            in.write(head.getBytes(StandardCharsets.US_ASCII));
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void madeUpNamesTakeResumptionFromNoOther(String version) throws Exception {
        ServerTls tls = tls("one", new TlsSettings(List.of(server)));
        try (TlsGateway gateway = start(tls)) {
            Object early = talk(gateway, "early.wild.test", version);
            for (int i = 0; i < 1000; i++) {
                ReferenceCountUtil.release(tls.handler("made-up-" + i + ".wild.test", UnpooledByteBufAllocator.DEFAULT)
                        .engine());
            }
            assertThat(talk(gateway, "early.wild.test", version)).isSameAs(early);
            Object late = talk(gateway, "late.wild.test", version);
            assertThat(talk(gateway, "late.wild.test", version)).isSameAs(late);
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
        return start(tls(listener, settings));
    }

    private ServerTls tls(String listener, TlsSettings settings) throws Exception {
        return new ServerTls(listener, settings, false, SslProvider.OPENSSL_REFCNT, new TicketSecrets(millis::get));
    }

    private TlsGateway start(ServerTls tls) throws Exception {
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
