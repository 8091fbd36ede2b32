package io.costoptimal.gateway.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Location;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Proxy;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.testing.RefusingPort;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a proxy can do to a connection, over real sockets; the provider is behind it and never looked up here. */
@Timeout(60)
class ProxyTest {

    private static final String PROVIDER = "http://provider.invalid:8000/v1";
    private static final Duration LONG = Duration.ofSeconds(20);
    private static final Duration SHORT = Duration.ofMillis(300);

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::available);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void opensATunnelAndLeavesNothingOfItselfInIt(Transport transport) throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 Connection established\r\nproxy-agent: x\r\n\r\n");
                    c.send("to you: " + c.readExactly(4));
                    c.readToEnd();
                });
                RealPool pool = pool(transport, LONG)) {
            RealPool.RealLessee lessee = pool.ask(provider(PROVIDER, proxy(proxy.port(), "us er", "p:w")));
            lessee.send("ping");

            assertThat(lessee.hear(12)).isEqualTo("to you: ping");
            assertThat(proxy.next().nextRequest())
                    .isEqualTo("CONNECT provider.invalid:8000 HTTP/1.1\r\nhost: provider.invalid:8000\r\n"
                            + "proxy-authorization: Basic dXMgZXI6cDp3\r\n\r\n");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "http://my_llm:8000, my_llm:8000",
        "http://provider.invalid, provider.invalid:80",
        "http://[::1]:9, [::1]:9",
        "http://192.0.2.1:9, 192.0.2.1:9"
    })
    void asksForTheHostAsItIsConfigured(String base, String authority) throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(c -> {
                    c.readRequest();
                    c.send("HTTP/1.1 200 OK\r\n\r\n");
                    c.readToEnd();
                });
                RealPool pool = pool(Transport.NIO, LONG)) {
            assertThat(pool.ask(provider(base, proxy(proxy.port(), null, null)))
                            .connection()
                            .reused())
                    .isFalse();
            assertThat(proxy.next().nextRequest())
                    .isEqualTo("CONNECT " + authority + " HTTP/1.1\r\nhost: " + authority + "\r\n\r\n");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void readsAnAnswerThatComesInPieces(Transport transport) throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        try (ScriptedOrigin proxy = ScriptedOrigin.start(c -> {
                    c.readRequest();
                    byte[] answer = "HTTP/1.1 200 OK\r\nx: y\r\n\r\n".getBytes();
                    c.send(answer, 1, 12, 17, 20, 24);
                    asked.countDown();
                    c.send("hello");
                    c.readToEnd();
                });
                RealPool pool = pool(transport, LONG)) {
            RealPool.RealLessee lessee = pool.ask(provider(PROVIDER, proxy(proxy.port(), null, null)));

            assertThat(lessee.connection().reused()).isFalse();
            lessee.send("ping");
            assertThat(asked.getCount()).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        HTTP/1.1 407 Proxy Authentication Required | the proxy answered 407 (its user and password are missing or wrong)
        HTTP/1.1 403 go away, s3cret               | the proxy answered 403
        HTTP/1.1 502 Bad Gateway                   | the proxy answered 502
        """)
    void isAFailedConnectWhenTheProxyRefuses(String status, String cause) throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(c -> {
                    c.readRequest();
                    c.send(status + "\r\ncontent-length: 2\r\nproxy-authenticate: Basic\r\n\r\nno");
                    c.readToEnd();
                });
                RealPool pool = pool(Transport.NIO, LONG)) {
            UpstreamFailure failure = pool.ask(provider(PROVIDER, proxy(proxy.port(), "user", "s3cret")))
                    .failure();

            assertThat(failure)
                    .isEqualTo(new UpstreamFailure(
                            Phase.CONNECT,
                            Kind.CONNECT_ERROR,
                            "http://provider.invalid:8000 by proxy 127.0.0.1:" + proxy.port() + ": " + cause));
            ScriptedOrigin.Connection seen = proxy.next();
            seen.awaitFinished();
            assertThat(seen.end()).isNotNull();
            assertThat(pool.counts().open()).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void isAFailedConnectWhenTheProxyHangsUp(Transport transport) throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(ScriptedOrigin.Connection::readRequest);
                RealPool pool = pool(transport, LONG)) {
            UpstreamFailure failure = pool.ask(provider(PROVIDER, proxy(proxy.port(), null, null)))
                    .failure();

            assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT_ERROR);
            assertThat(failure.cause()).endsWith(": the proxy closed the connection");
            assertThat(pool.counts().open()).isZero();
        }
    }

    @Test
    void isAFailedConnectWhenNoProxyListens() throws Exception {
        try (RefusingPort refused = RefusingPort.open();
                RealPool pool = pool(Transport.NIO, LONG)) {
            int nobody = refused.port();
            UpstreamFailure failure = pool.ask(provider(PROVIDER, proxy(nobody, "user", "s3cret")))
                    .failure();

            assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
            assertThat(failure.kind()).isEqualTo(Kind.CONNECT_ERROR);
            assertThat(failure.cause())
                    .startsWith("http://provider.invalid:8000 by proxy 127.0.0.1:" + nobody)
                    .contains("refused")
                    .doesNotContain("s3cret");
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void givesUpOnAProxyThatSaysNothingAndCloses(Transport transport) throws Exception {
        try (ScriptedOrigin proxy = ScriptedOrigin.start(c -> {
                    c.readRequest();
                    c.readToEnd();
                });
                RealPool pool = pool(transport, SHORT)) {
            UpstreamFailure failure = pool.ask(provider(PROVIDER, proxy(proxy.port(), null, null)))
                    .failure();

            assertThat(failure.phase()).isEqualTo(Phase.CONNECT);
            assertThat(failure.kind()).isEqualTo(Kind.TIMEOUT);
            assertThat(failure.cause()).endsWith(": not ready within 300 ms");
            ScriptedOrigin.Connection seen = proxy.next();
            seen.awaitFinished();
            assertThat(seen.end()).isNotNull();
            assertThat(pool.counts().open()).isZero();
        }
    }

    @Test
    void sharesNoConnectionBetweenTheProxyAndTheDirectWay() {
        Origin direct = Origin.of(PoolScript.provider(PROVIDER));

        assertThat(Origin.of(provider(PROVIDER, proxy(1, "a", "b")))).isNotEqualTo(direct);
        assertThat(Origin.of(provider(PROVIDER, proxy(1, "a", "b"))))
                .isEqualTo(Origin.of(provider(PROVIDER, proxy(1, "a", "b"))))
                .isNotEqualTo(Origin.of(provider(PROVIDER, proxy(2, "a", "b"))))
                .isNotEqualTo(Origin.of(provider(PROVIDER, proxy(1, "a", "c"))));
    }

    @Test
    void neverShowsTheCredentialOfTheProxy() {
        Provider provider = provider(PROVIDER, proxy(3128, "user", "s3cret"));

        assertThat(List.of(provider, Origin.of(provider)).toString())
                .contains("127.0.0.1:3128")
                .doesNotContain("user", "s3cret");
    }

    private static RealPool pool(Transport transport, Duration timeout) {
        return new RealPool(transport, Tls.context(List.of()), timeout, 2);
    }

    private static Proxy proxy(int port, String user, String password) {
        return new Proxy("127.0.0.1", port, user, password);
    }

    private static Provider provider(String base, Proxy proxy) {
        Provider direct = PoolScript.provider(base);
        return direct.at(new Location(direct.base(), Location.Join.SDK, proxy));
    }
}
