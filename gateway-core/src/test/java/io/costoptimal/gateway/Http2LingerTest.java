package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.RST_STREAM;
import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.RawHttp2Client.Frame;
import io.costoptimal.gateway.testing.TestGateway;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Clients by HTTP/2 that are answered while they still send: they may read the answer before they are asked to stop. */
class Http2LingerTest {

    private static final int NO_ERROR = 0;
    private static final int LINGER_BYTES = 100_000;
    private static final Duration LONG = Duration.ofMinutes(10);

    private static TestGateway gateway(Duration linger) throws Exception {
        Limits limits = Limits.DEFAULTS;
        Timeouts.Client client = Timeouts.DEFAULTS.client();
        return Http2RequestsTest.http2(
                GatewaySettings.defaults()
                        .withEventLoops(1)
                        .withLimits(new Limits(
                                limits.head(),
                                limits.body(),
                                new Limits.Client(limits.client().connections(), LINGER_BYTES),
                                limits.upstream()))
                        .withTimeouts(new Timeouts(
                                new Timeouts.Client(
                                        client.head(),
                                        client.bodyIdle(),
                                        client.keepAlive(),
                                        client.writeStall(),
                                        linger),
                                Timeouts.DEFAULTS.upstream(),
                                Timeouts.DEFAULTS.pool())),
                1);
    }

    private static void refusedOn(RawHttp2Client client, int stream) throws Exception {
        String[] fields = chatHead("content-length", "1000000");
        for (int i = 0; i < fields.length; i++) {
            fields[i] = fields[i].replace(TestGateway.KEY, "wrong");
        }
        client.headers(stream, false, fields);
        Answer answer = client.answer(stream);
        assertThat(answer.status()).isEqualTo(401);
        assertThat(answer.ended()).isTrue();
    }

    @Test
    void aClientThatEndsItsRequestIsNotReset() throws Exception {
        try (TestGateway gateway = gateway(LONG);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            refusedOn(client, 1);
            client.part(1, 50_000);
            client.reset(1, 8);
            refusedOn(client, 3);
            client.data(3, false, "x".repeat(1000));
            client.awaitAllIsRead();
            assertThat(client.holds(RST_STREAM)).isFalse();
        }
    }

    @Test
    void aClientThatGoesOnIsAskedToStop() throws Exception {
        try (TestGateway gateway = gateway(LONG);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            refusedOn(client, 1);
            for (int i = 0; i < 2; i++) {
                client.part(1, 40_000);
                client.awaitAllIsRead();
                assertThat(client.holds(RST_STREAM)).isFalse();
            }
            client.part(1, 40_000);
            Frame reset = client.read(RST_STREAM, 1);
            assertThat(reset.number(0)).isEqualTo(NO_ERROR);
            // And the connection goes on.
            refusedOn(client, 3);
        }
    }

    @Test
    void aClientThatNeitherSendsNorEndsIsAskedToStopInTheEnd() throws Exception {
        try (TestGateway gateway = gateway(Duration.ofMillis(1));
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            refusedOn(client, 1);
            assertThat(client.read(RST_STREAM, 1).number(0)).isEqualTo(NO_ERROR);
        }
    }
}
