package io.costoptimal.gateway.server.handover;

import static io.costoptimal.gateway.testing.RawHttp2Client.ACK;
import static io.costoptimal.gateway.testing.RawHttp2Client.GOAWAY;
import static io.costoptimal.gateway.testing.RawHttp2Client.PING;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.clients.ListenerTls;
import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.TlsSocket;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One process takes over from another whose clients speak HTTP/2, and whose operators come over TLS. */
@Timeout(180)
class SecureHandOverTest {

    private static final String READY = "GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n";

    @TempDir
    private Path folder;

    private ListenerTls tls;
    private Site site;

    @BeforeEach
    void start() throws Exception {
        tls = ListenerTls.issue(folder);
        site = new Site(folder);
        site.handsOver(tls, "");
    }

    @AfterEach
    void stop() {
        site.close();
    }

    private Socket connect(boolean secure) throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), secure ? site.tlsPort : site.port);
    }

    private RawHttp2Client speak(Socket socket, boolean secure) throws IOException {
        return RawHttp2Client.over(secure ? new TlsSocket(socket, offer().alpn("h2")) : socket);
    }

    private TlsSocket.Offer offer() {
        return new TlsSocket.Offer(tls.trust().context(), Site.HOST);
    }

    private static void ask(RawHttp2Client client, int stream) throws IOException {
        client.headers(
                stream,
                false,
                ":method",
                "POST",
                ":scheme",
                "http",
                ":authority",
                Site.HOST,
                ":path",
                "/v1/chat/completions",
                "authorization",
                "Bearer " + Site.KEY);
        client.data(stream, true, Site.body(false));
        RawHttp2Client.Answer answer = client.answer(stream);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.ended()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void everyConnectionByHttp2HasOneMoreRequestAnsweredByTheOldProcess(boolean secure) throws Exception {
        try (ServerRun old = site.serve()) {
            old.address();
            try (Socket silent = connect(secure);
                    RawHttp2Client idle = speak(connect(secure), secure);
                    RawHttp2Client used = speak(connect(secure), secure)) {
                ask(used, 1);
                try (ServerRun next = site.serve()) {
                    next.address();
                    old.await(line -> line.contains("handed_over ") && line.contains(" connections=3"));
                    for (RawHttp2Client client : List.of(speak(silent, secure), idle, used)) {
                        int stream = client == used ? 3 : 1;
                        ask(client, stream);
                        assertThat(client.read(GOAWAY, 0).number(0)).isEqualTo(Integer.MAX_VALUE);
                        client.frame(PING, ACK, 0, client.read(PING, 0).payload());
                        assertThat(client.readToClose().number(0)).isEqualTo(stream);
                        client.socket().close();
                    }
                    assertThat(old.exit()).isZero();
                    try (RawHttp2Client client = speak(connect(secure), secure)) {
                        ask(client, 1);
                        ask(client, 3);
                    }
                }
            }
        }
    }

    @Test
    void operatorsComeOverTlsToTheProcessThatServes() throws Exception {
        try (ServerRun old = site.serve()) {
            old.address();
            try (RawClient before = RawClient.connect(site.adminPort, offer())) {
                assertReady(before);
                try (ServerRun next = site.serve()) {
                    next.address();
                    old.await(line -> line.contains("handed_over "));
                    try (RawClient after = RawClient.connect(site.adminPort, offer())) {
                        assertReady(after);
                    }
                    assertThat(old.exit()).isZero();
                }
            }
        }
    }

    @Test
    void operatorsComeBackOverTlsToAProcessWhoseSuccessorCannotStart() throws Exception {
        try (ServerRun old = site.serve();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            old.address();
            try (RawClient before = RawClient.connect(site.adminPort, offer())) {
                assertReady(before);
                String working = Files.readString(site.config);
                String busy = "127.0.0.1:" + taken.getLocalPort();
                Files.writeString(site.config, working.replace("127.0.0.1:" + site.adminPort, busy));
                try (ServerRun next = site.serve()) {
                    assertThat(next.exit()).isEqualTo(1);
                }
                old.await(line -> line.contains("hand_over_failed"));
                assertReady(before);
                try (RawClient after = RawClient.connect(site.adminPort, offer());
                        RawHttp2Client client = speak(connect(true), true)) {
                    assertReady(after);
                    ask(client, 1);
                    ask(client, 3);
                }
            }
        }
    }

    private static void assertReady(RawClient operator) throws IOException {
        operator.send(READY);
        assertThat(operator.readMessage()).startsWith("HTTP/1.1 200 ");
    }
}
