package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.chat;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.ScriptedOrigin.Connection;
import io.costoptimal.gateway.testing.ScriptedOrigin.Script;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.testing.Wire;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Traps 28 and 60: in whatever phase a client leaves, its provider's call ends, and it is the client who left. A FIN is
 * leaving too: nobody can tell a client that only stopped sending from one that is gone.
 */
class ClientLeavesTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    /** More than the kernel takes between the gateway and a provider that does not read. */
    private static final int LONG = 24 * 1024 * 1024;

    static Stream<Arguments> phasesAtTheProvider() {
        String head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        return Stream.of(Wire.End.values())
                .flatMap(way -> Stream.of(
                        Arguments.of("before the first byte", way, reading(""), ""),
                        Arguments.of("in the head", way, reading("HTTP/1.1 200 OK\r\nContent-"), ""),
                        Arguments.of("mid stream", way, reading(head + "1\r\na\r\n"), "a\r\n")));
    }

    private static Script reading(String answer) {
        return connection -> {
            connection.readRequest();
            connection.send(answer);
            connection.readToEnd();
        };
    }

    @ParameterizedTest(name = "{0}, {1}")
    @MethodSource("phasesAtTheProvider")
    void endsTheProvidersCall(String phase, Wire.End way, Script script, String seen) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(script);
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            Connection call = origin.next();
            call.nextRequest();
            client.readUntil(seen);
            leave(client, way);
            call.awaitFinished();
            cancelled(gateway);
        }
    }

    @ParameterizedTest
    @EnumSource
    void endsTheProvidersCallWhileTheRequestIsBeingWritten(Wire.End way) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        long[] received = new long[1];
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readUntil("\r\n\r\n");
                    connection.await(left);
                    received[0] = connection.drain(LONG);
                });
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat("{\"model\":\"gpt-4o\",\"x\":\"" + "a".repeat(LONG) + "\"}"));
            Connection call = origin.next();
            leave(client, way);
            cancelled(gateway);
            left.countDown();
            call.awaitFinished();
            assertThat(received[0]).as("no whole request").isLessThan(LONG);
        }
    }

    @ParameterizedTest
    @EnumSource
    void asksNoProviderWhenItLeavesMidUpload(Wire.End way) throws Exception {
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                TestGateway gateway = TestGateway.routing("gpt-4o", null, origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(
                    "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nExpect: 100-continue\r\nAuthorization: Bearer "
                            + TestGateway.KEY + "\r\nContent-Length: 1000\r\n\r\n");
            client.readUntil("100 Continue\r\n\r\n");
            client.send("{\"model\":\"gpt-4o\",");
            leave(client, way);
            cancelled(gateway);
            assertThat(origin.connections()).isEmpty();
        }
    }

    /** The connection it waited for goes to whoever is next. */
    @ParameterizedTest
    @EnumSource
    void leavesTheQueueOfAFullPool(Wire.End way) throws Exception {
        CountDownLatch first = new CountDownLatch(1);
        Limits d = Limits.DEFAULTS;
        Limits one = new Limits(d.head(), d.body(), d.client(), new Limits.Upstream(1, 1, 4096, 4096));
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.await(first);
                    connection.send(OK);
                    while (connection.readRequest() != null) {
                        connection.send(OK);
                    }
                });
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1).withLimits(one),
                        TestGateway.routes("gpt-4o", null, origin.port()));
                RawClient busy = RawClient.connect(gateway.port());
                RawClient waiting = RawClient.connect(gateway.port());
                RawClient next = RawClient.connect(gateway.port())) {
            busy.send(chat(BODY));
            Connection call = origin.next();
            call.nextRequest();
            waiting.send(chat("{\"model\":\"gpt-4o\",\"who\":\"left\"}"));
            leave(waiting, way);
            cancelled(gateway);
            next.send(chat("{\"model\":\"gpt-4o\",\"who\":\"next\"}"));
            first.countDown();
            assertThat(busy.readMessage()).isEqualTo(OK);
            assertThat(next.readMessage()).isEqualTo(OK);
            assertThat(call.nextRequest()).contains("next");
            assertThat(origin.connections()).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void doesNotWaitForAHandshake(Wire.End way) throws Exception {
        try (ScriptedOrigin silent = ScriptedOrigin.start(connection -> {
                    connection.readExactly(1);
                    connection.readToEnd();
                });
                TestGateway gateway = TestGateway.start(
                        GatewaySettings.defaults().withEventLoops(1),
                        TestGateway.routes(
                                "gpt-4o",
                                new Candidate(
                                        TestGateway.provider(
                                                ProviderKinds.OPENAI,
                                                "https://127.0.0.1:" + silent.port(),
                                                Duration.ofSeconds(10)),
                                        null)));
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat(BODY));
            silent.next();
            leave(client, way);
            cancelled(gateway);
        }
    }

    private static void leave(RawClient client, Wire.End way) throws IOException {
        if (way == Wire.End.RST) {
            client.rst();
        } else {
            client.fin();
        }
    }

    private static void cancelled(TestGateway gateway) throws InterruptedException {
        assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.CLIENT_CANCELLED);
        assertThat(gateway.unclaimedEnds()).isZero();
    }
}
