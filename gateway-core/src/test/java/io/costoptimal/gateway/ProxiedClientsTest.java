package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.Listener.Endpoint;
import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Network;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that come through proxies: whose word counts, and where the address is used. */
@Timeout(60)
class ProxiedClientsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    private static final LocalAnswer LOCAL = new LocalAnswer(200, "text/plain", new byte[] {'o', 'k'});
    private static final TrustedProxies LOOPBACK = proxies("127.0.0.0/8", "10.0.0.0/8");
    private static final TrustedProxies ELSEWHERE = proxies("10.0.0.0/8");

    private final BlockingQueue<String> addresses = new LinkedBlockingQueue<>();

    private ScriptedOrigin origin;

    @TempDir
    Path folder;

    @BeforeEach
    void start() throws IOException {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
    }

    @AfterEach
    void stop() {
        origin.close();
    }

    @Test
    void theAddressThatATrustedProxyNotesIsTheClientsForEachRequest() throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, false);
                RawClient proxy = RawClient.connect(gateway.port())) {
            for (String noted : List.of("192.0.2.1", "6.6.6.6, 192.0.2.2, 10.0.0.7")) {
                proxy.send(chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: " + noted));
                assertThat(proxy.readMessage()).isEqualTo(ANSWER);
            }
            proxy.send(chat(BODY));
            assertThat(proxy.readMessage()).isEqualTo(ANSWER);
            assertThat(ends(3)).containsExactly("192.0.2.1", "192.0.2.2", "127.0.0.1");
        }
    }

    @Test
    void noClientIsTakenForTheProxyByWhatItSendsItself() throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, false);
                RawClient proxy = RawClient.connect(gateway.port())) {
            for (String noted : List.of("\", 192.0.2.1", "a\"b, 192.0.2.2", "192.0.2.3, unknown")) {
                proxy.send(chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: " + noted));
                assertThat(proxy.readMessage()).isEqualTo(ANSWER);
            }
            assertThat(ends(3)).containsExactly("192.0.2.1", "192.0.2.2", "none");
        }
    }

    @Test
    void whatAnybodyElseNotesCountsForNothing() throws Exception {
        try (TestGateway gateway = gateway(ELSEWHERE, false);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: 192.0.2.1"));
            assertThat(client.readMessage()).isEqualTo(ANSWER);
            assertThat(ends(1)).containsExactly("127.0.0.1");
        }
    }

    @Test
    void providersHearOfNoAddressesWhoeverNotesThem() throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, false);
                RawClient proxy = RawClient.connect(gateway.port())) {
            proxy.send(
                    chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: 192.0.2.1\r\nForwarded: for=192.0.2.1"));
            assertThat(proxy.readMessage()).isEqualTo(ANSWER);
            assertThat(origin.connections().get(0).received())
                    .doesNotContain("192.0.2.1")
                    .doesNotContain("orwarded");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n",
                "\r\n\r\n\0\r\nQUIT\n\u0021\u0011\0\u000c\u00c0\0\2\1\n\0\0\1\0\1\0\2"
            })
    void theHeaderOfTheProxyProtocolTellsWhoseConnectionItIs(String header) throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, true);
                RawClient together = RawClient.connect(gateway.port());
                RawClient apart = RawClient.connect(gateway.port())) {
            together.send(header + chat(BODY) + chat(BODY));
            assertThat(together.readMessage()).isEqualTo(ANSWER);
            assertThat(together.readMessage()).isEqualTo(ANSWER);
            for (char c : header.toCharArray()) {
                apart.send(String.valueOf(c));
            }
            apart.send(chat(BODY));
            assertThat(apart.readMessage()).isEqualTo(ANSWER);
            assertThat(ends(3)).containsOnly("192.0.2.1");
        }
    }

    @Test
    void aProxyBehindTheProxyProtocolIsAskedTooIfItIsTrusted() throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, true);
                RawClient trusted = RawClient.connect(gateway.port());
                RawClient other = RawClient.connect(gateway.port())) {
            String request = chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: 192.0.2.1");
            trusted.send("PROXY TCP4 10.0.0.9 10.0.0.1 1 2\r\n" + request);
            assertThat(trusted.readMessage()).isEqualTo(ANSWER);
            other.send("PROXY TCP4 198.51.100.9 10.0.0.1 1 2\r\n" + request);
            assertThat(other.readMessage()).isEqualTo(ANSWER);
            assertThat(ends(2)).containsExactly("192.0.2.1", "198.51.100.9");
        }
    }

    @Test
    void aProxyThatSpeaksForItselfIsKnownByItsOwnAddress() throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, true);
                RawClient proxy = RawClient.connect(gateway.port())) {
            proxy.send("\r\n\r\n\0\r\nQUIT\n\u0020\0\0\0" + chat(BODY));
            assertThat(proxy.readMessage()).isEqualTo(ANSWER);
            assertThat(ends(1)).containsExactly("127.0.0.1");
        }
    }

    @Test
    void aConnectionWithoutTheHeaderIsClosedWithoutAWord() throws Exception {
        try (TestGateway gateway = gateway(LOOPBACK, true);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readToEnd()).isEmpty();
            assertThat(origin.connections()).isEmpty();
        }
    }

    @Test
    void theHeaderOfWhoIsNoTrustedProxyIsRefused() throws Exception {
        try (TestGateway gateway = gateway(ELSEWHERE, true);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("PROXY TCP4 192.0.2.1 10.0.0.1 4711 443\r\n" + chat(BODY));
            assertThat(client.readToEnd()).isEmpty();
            assertThat(origin.connections()).isEmpty();
        }
    }

    @Test
    void aHeaderThatDoesNotComeIsNotWaitedForLongerThanAHead() throws Exception {
        Timeouts.Client usual = Timeouts.DEFAULTS.client();
        Timeouts.Client soon = new Timeouts.Client(
                Duration.ofMillis(50), usual.bodyIdle(), usual.keepAlive(), usual.writeStall(), usual.linger());
        GatewaySettings settings = GatewaySettings.defaults()
                .withEventLoops(1)
                .withTimeouts(new Timeouts(
                        soon, Timeouts.DEFAULTS.upstream(), Timeouts.DEFAULTS.pool(), Timeouts.DEFAULTS.exchange()));
        try (TestGateway gateway = gateway(settings, LOOPBACK, true, routes());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send("PROXY TCP4 192.0.2.1");
            assertThat(client.readToEnd()).isEmpty();
        }
    }

    @Test
    void aUnixSocketIsTrustedOnlyWhereItIsNamed() throws Exception {
        Path named = folder.resolve("named");
        Path other = folder.resolve("other");
        TrustedProxies unix = new TrustedProxies(List.of(), true, TrustedProxies.Field.X_FORWARDED_FOR);
        List<Listener> listeners = List.of(
                new Listener(new Endpoint(UnixDomainSocketAddress.of(named), Endpoint.OWNER_AND_GROUP), unix, false),
                new Listener(
                        new Endpoint(UnixDomainSocketAddress.of(other), Endpoint.OWNER_AND_GROUP), LOOPBACK, false));
        try (TestGateway gateway = gateway(GatewaySettings.defaults().withEventLoops(1), listeners, routes());
                RawClient first = RawClient.connect(named);
                RawClient second = RawClient.connect(other)) {
            assertThat(gateway.gateway().addresses()).hasSize(2);
            String request = chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: 192.0.2.1");
            first.send(request);
            assertThat(first.readMessage()).isEqualTo(ANSWER);
            second.send(request);
            assertThat(second.readMessage()).isEqualTo(ANSWER);
            assertThat(ends(2)).containsExactly("192.0.2.1", "none");
        }
    }

    @Test
    void rulesGoByTheAddressOfTheClient() throws Exception {
        String other = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nother";
        try (ScriptedOrigin inside = ScriptedOrigin.start(ScriptedOrigin.answering(other))) {
            RoutedRule rule = new RoutedRule(
                    Rule.compile("string.startsWith(ClientAddress, '192.0.2.')"),
                    List.of(new Candidate(TestGateway.provider(inside.port()), null)));
            RouteTable table = new RouteTable(
                    Map.of(),
                    List.of(new ModelRoutes(
                            "gpt-4o",
                            List.of(new Candidate(TestGateway.provider(origin.port()), null)),
                            List.of(rule),
                            null)),
                    null,
                    RetryOn.ALL);
            try (TestGateway gateway = gateway(GatewaySettings.defaults().withEventLoops(1), LOOPBACK, false, table);
                    RawClient proxy = RawClient.connect(gateway.port())) {
                proxy.send(chat(BODY).replace("Host: g", "Host: g\r\nX-Forwarded-For: 192.0.2.1"));
                assertThat(proxy.readMessage()).isEqualTo(other);
                proxy.send(chat(BODY));
                assertThat(proxy.readMessage()).isEqualTo(ANSWER);
            }
        }
    }

    private TestGateway gateway(TrustedProxies proxies, boolean protocol) throws IOException {
        return gateway(GatewaySettings.defaults().withEventLoops(1), proxies, protocol, routes());
    }

    private TestGateway gateway(GatewaySettings settings, TrustedProxies proxies, boolean protocol, RouteTable routes)
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        Endpoint endpoint = new Endpoint(any, Endpoint.OWNER_AND_GROUP);
        return gateway(settings, List.of(new Listener(endpoint, proxies, protocol)), routes);
    }

    private TestGateway gateway(GatewaySettings settings, List<Listener> listeners, RouteTable routes)
            throws IOException {
        return TestGateway.start(
                listeners,
                settings,
                TestGateway.snapshot(routes),
                exchange -> LOCAL,
                end -> addresses.add(
                        end.caller().address() == null ? "none" : end.caller().address()));
    }

    private RouteTable routes() {
        return TestGateway.routes("gpt-4o", null, origin.port());
    }

    private List<String> ends(int n) throws InterruptedException {
        String[] ends = new String[n];
        for (int i = 0; i < n; i++) {
            ends[i] = addresses.poll(20, TimeUnit.SECONDS);
        }
        return List.of(ends);
    }

    private static TrustedProxies proxies(String... networks) {
        return new TrustedProxies(
                List.of(networks).stream().map(Network::parse).toList(), false, TrustedProxies.Field.X_FORWARDED_FOR);
    }
}
