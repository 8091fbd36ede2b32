package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.ScriptedOrigin.Connection;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import io.costoptimal.gateway.upstream.Transport;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The ends of connections and the pauses in reading, in which transports differ, on each that this machine has (traps 20,
 * 21, 40 and 57). {@code -Dgateway.test.transport} runs all the other tests of the whole engine on one of them.
 */
class TransportsTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String STREAM = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

    static Stream<Transport> transports() {
        return Arrays.stream(Transport.values()).filter(Transport::available);
    }

    @ParameterizedTest
    @MethodSource("transports")
    void keepsConnectionsOverManyRequests(Transport transport) throws Exception {
        String answer = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(answer));
                TestGateway gateway = start(transport, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 300; i++) {
                client.send(chat(BODY));
                assertThat(client.readMessage()).isEqualTo(answer);
            }
            assertThat(origin.connections()).hasSize(1);
        }
    }

    /** The provider ends right behind its last byte, while the client is not being written to. */
    @ParameterizedTest
    @MethodSource("transports")
    void losesNothingOfAnAnswerThatEndsWithItsConnectionWhileTheClientPauses(Transport transport) throws Exception {
        int size = 8 * 1024 * 1024;
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\n\r\n");
                    connection.send(new byte[size]);
                });
                TestGateway gateway = start(transport, origin);
                RawClient client = RawClient.connect(gateway.port(), 4096)) {
            client.send(chat(BODY));
            client.readUntil("\r\n\r\n");
            origin.next();
            assertThat(client.drain(Long.MAX_VALUE)).isEqualTo(size);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void endsTheConnectionWithinAStreamThatBreaksOff(Transport transport) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(STREAM + "5\r\nhello\r\n");
                    connection.rst();
                });
                TestGateway gateway = start(transport, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            assertThat(client.readToEnd()).endsWith("\r\n\r\n5\r\nhello\r\n");
            assertThat(client.end()).isEqualTo(Wire.End.FIN);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void resetsTheClientOfABodyThatEndsWithTheConnectionAndBreaksOff(Transport transport) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send("HTTP/1.1 200 OK\r\nX: y\r\n\r\nhello");
                    connection.readUntil("never");
                });
                TestGateway gateway = start(transport, origin);
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            client.readUntil("\r\n\r\nhello");
            origin.connections().get(0).rst();
            assertThat(client.readToEnd()).isEmpty();
            assertThat(client.end()).isEqualTo(Wire.End.RST);
            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.TRUNCATED);
        }
    }

    @ParameterizedTest
    @MethodSource("transports")
    void noticesAClientThatLeavesItsStream(Transport transport) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(STREAM + "1\r\na\r\n");
                    connection.readToEnd();
                });
                TestGateway gateway = start(transport, origin)) {
            for (Wire.End way : Wire.End.values()) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send(chat(BODY));
                    Connection call = origin.next();
                    client.readUntil("\r\na\r\n");
                    if (way == Wire.End.FIN) {
                        client.fin();
                    } else {
                        client.rst();
                    }
                    call.awaitFinished();
                    assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
                }
            }
        }
    }

    /** Right behind bytes, where io_uring is prone to miss it. */
    @ParameterizedTest
    @MethodSource("transports")
    void noticesEveryReset(Transport transport) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(""));
                TestGateway gateway = start(transport, origin)) {
            for (int i = 0; i < 50; i++) {
                try (RawClient client = RawClient.connect(gateway.port())) {
                    client.send("POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nExpect: 100-continue\r\nx-api-key: "
                            + TestGateway.KEY + "\r\nContent-Length: 1000\r\n\r\n");
                    client.readUntil("100 Continue\r\n\r\n");
                    client.send("{");
                    client.rst();
                    assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
                }
            }
        }
    }

    private static TestGateway start(Transport transport, ScriptedOrigin origin) throws Exception {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1).withTransport(transport),
                TestGateway.routes("gpt-4o", null, origin.port()));
    }
}
