package io.costoptimal.gateway;

import static io.costoptimal.gateway.Http2WindowsTest.INITIAL_WINDOW;
import static io.costoptimal.gateway.Http2WindowsTest.KB;
import static io.costoptimal.gateway.Http2WindowsTest.MB;
import static io.costoptimal.gateway.Http2WindowsTest.OK;
import static io.costoptimal.gateway.Http2WindowsTest.ROUNDS;
import static io.costoptimal.gateway.Http2WindowsTest.awaitNothingHeld;
import static io.costoptimal.gateway.Http2WindowsTest.head;
import static io.costoptimal.gateway.Http2WindowsTest.held;
import static io.costoptimal.gateway.Http2WindowsTest.holding;
import static io.costoptimal.gateway.Http2WindowsTest.prompt;
import static io.costoptimal.gateway.Http2WindowsTest.unread;
import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.RawHttp2Client.Answer;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Bodies by HTTP/2 of which a stage wants nothing yet, since nobody knows whose key came with them: what they take of memory
 * and of windows, and that both come back however their streams end.
 */
@Timeout(120)
class Http2UnreadBodiesTest {

    private static final int FLOW_CONTROL_ERROR = 3;
    private static final int CANCEL = 8;
    private static final Principal OWNER = new Principal("owner", Principal.Role.CLIENT);

    /** A gateway that waits for somebody else to know whose a key is. */
    private static TestGateway asking(
            GatewaySettings settings, BlockingQueue<CompletableFuture<Principal>> searches, int port)
            throws IOException {
        Keys keys = new Keys() {
            @Override
            public Principal find(CharSequence presented) {
                return null;
            }

            @Override
            public CompletableFuture<Principal> findLater(String presented) {
                CompletableFuture<Principal> search = new CompletableFuture<>();
                searches.add(search);
                return search;
            }
        };
        Snapshot routes = TestGateway.snapshot(TestGateway.routes("gpt-4o", null, port));
        return TestGateway.start(
                List.of(Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .withHttp2()),
                settings,
                new Snapshot(keys, routes.routes()),
                exchange -> new LocalAnswer(200, "text/plain", new byte[] {'o', 'k'}),
                exchange -> {});
    }

    private static CompletableFuture<Principal> next(BlockingQueue<CompletableFuture<Principal>> searches)
            throws InterruptedException {
        return searches.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void aConnectionHasOneWindowForAllStreamsUntilAKeyOfItsIsKnown() throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        byte[] body = prompt(30 * KB);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = asking(GatewaySettings.defaults().withEventLoops(1), searches, origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            for (int stream = 1; stream < 5; stream += 2) {
                client.headers(stream, false, head(body.length));
                client.data(stream, false, Arrays.copyOf(body, 16 * KB));
                client.data(stream, true, Arrays.copyOfRange(body, 16 * KB, body.length));
            }
            client.awaitAllIsRead();
            assertThat(client.windowOf(0)).isLessThan(5 * KB);
            // A copy of each body is counted, and not the buffers that they came in; with what else nobody has shown a
            // key for.
            assertThat(held(gateway)).isZero();
            assertThat(unread(gateway)).isBetween(60L * KB, 130L * KB);

            next(searches).complete(OWNER);
            assertThat(client.answer(1).body()).isEqualTo("hi");
            client.awaitAllIsRead();
            assertThat(client.windowOf(0)).isGreaterThan(900 * KB);
            next(searches).complete(null);
            assertThat(client.answer(3).status()).isEqualTo(401);
            awaitNothingHeld(gateway);
        }
    }

    @Test
    void bytesThatNobodyWantsYetAreCopiedTogether() throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        byte[] body = prompt(10_000);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = asking(GatewaySettings.defaults().withEventLoops(1), searches, origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, head(body.length));
            for (int i = 0; i < body.length; i += 100) {
                int end = Math.min(body.length, i + 100);
                client.data(1, false, Arrays.copyOfRange(body, i, end));
            }
            client.data(1, true, "");
            client.awaitAllIsRead();
            assertThat(unread(gateway)).isBetween(10_000L, 20_480L);

            next(searches).complete(OWNER);
            assertThat(client.answer(1).body()).isEqualTo("hi");
            assertThat(origin.next().nextRequest()).endsWith(new String(body, US_ASCII));
            awaitNothingHeld(gateway);
        }
    }

    /** Many connections, each within its windows. */
    @Test
    void bodiesThatNobodyWantsYetAreRefusedBeyondTheMemoryForThem() throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        List<RawHttp2Client> clients = new ArrayList<>();
        int held = 0;
        int refused = 0;
        try (TestGateway gateway = asking(holding(MB), searches, 1)) {
            for (int i = 0; i < 40; i++) {
                RawHttp2Client client = RawHttp2Client.connect(gateway.port());
                clients.add(client);
                client.headers(1, false, head(60 * KB));
                client.part(1, 48 * KB);
                client.awaitAllIsRead();
                if (unread(gateway) < (i + 1 - refused) * 48L * KB) {
                    Answer answer = client.answer(1);
                    assertThat(answer.status()).isEqualTo(503);
                    assertThat(answer.body()).contains("too many request bodies");
                    refused++;
                } else {
                    held++;
                }
                assertThat(unread(gateway)).isLessThanOrEqualTo(MB);
            }
            assertThat(held).isBetween(10, 21);
            assertThat(refused).isEqualTo(40 - held);
            for (RawHttp2Client client : clients) {
                client.close();
            }
            awaitNothingHeld(gateway);
        } finally {
            for (RawHttp2Client client : clients) {
                client.close();
            }
        }
    }

    // What is on its way on one connection, over all its streams.

    /** Streams end in every way that leaves some of their bodies to nobody; what is left is a window like that of the first. */
    @ParameterizedTest
    @ValueSource(strings = {"reset while held", "reset", "refused while held", "refused", "in error", "answered early"})
    void bodiesThatAreGivenUpGiveTheWindowOfTheirConnectionBack(String how) throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        byte[] body = prompt(6 * MB);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = asking(GatewaySettings.defaults().withEventLoops(1), searches, origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            // More, all together, than the window of a connection.
            int stream = 1;
            for (int i = 0; i < 60; i++, stream += 2) {
                String[] head = head(100 * KB);
                if (how.equals("answered early")) {
                    head[7] = "/v1/nothing";
                }
                client.headers(stream, false, head);
                if (how.equals("reset") || how.equals("refused")) {
                    next(searches).complete(how.equals("reset") ? OWNER : null);
                }
                if (how.equals("reset")) {
                    client.data(stream, false, "{\"model\":\"gpt-4o\",\"input\":\"");
                }
                client.part(stream, 40 * KB);
                client.awaitAllIsRead();
                switch (how) {
                    case "refused while held" -> {
                        next(searches).complete(null);
                        assertThat(client.answer(stream).status()).isEqualTo(401);
                    }
                    // A window of no size.
                    case "in error" -> client.window(stream, 0);
                    case "reset", "reset while held" -> client.reset(stream, CANCEL);
                    default -> assertThat(client.answer(stream).status()).isEqualTo(how.equals("refused") ? 401 : 404);
                }
                client.awaitAllIsRead();
                searches.clear();
            }
            awaitNothingHeld(gateway);

            client.headers(stream, false, head(body.length));
            next(searches).complete(OWNER);
            assertThat(client.upload(stream, body, ROUNDS)).isEqualTo(body.length);
            assertThat(client.answer(stream).body()).isEqualTo("hi");
        }
    }

    /** The streams stay open, since what they are told is not taken. */
    @Test
    void refusalsThatAreNotTakenGiveTheWindowBackToo() throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        byte[] body = prompt(300 * KB);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = asking(GatewaySettings.defaults().withEventLoops(1), searches, origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), INITIAL_WINDOW, 0)) {
            int stream = 1;
            for (int i = 0; i < 30; i++, stream += 2) {
                client.headers(stream, false, head(100 * KB));
                client.part(stream, 40 * KB);
                client.awaitAllIsRead();
                next(searches).complete(null);
                client.read(RawHttp2Client.HEADERS, stream);
                client.awaitAllIsRead();
            }

            client.headers(stream, false, head(body.length));
            next(searches).complete(OWNER);
            assertThat(client.upload(stream, body, ROUNDS)).isEqualTo(body.length);
            client.window(stream, 100);
            assertThat(client.answer(stream).body()).isEqualTo("hi");
        }
    }

    /** Its stage wants nothing of it yet, so that nothing of its window is given back. */
    @Test
    void aBodyBeyondTheWindowOfItsStreamIsAnErrorOfThat() throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = asking(GatewaySettings.defaults().withEventLoops(1), searches, origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.chat(1, "{\"model\":\"gpt-4o\"}");
            next(searches).complete(OWNER);
            assertThat(client.answer(1).body()).isEqualTo("hi");
            client.headers(3, false, chatHead());
            client.part(3, client.windowOf(3));
            client.awaitAllIsRead();
            assertThat(unread(gateway)).isPositive();
            client.data(3, false, new byte[1]);

            assertThat(client.answer(3).reset()).isEqualTo(FLOW_CONTROL_ERROR);
            client.chat(5, "{\"model\":\"gpt-4o\"}");
            next(searches);
            next(searches).complete(OWNER);
            assertThat(client.answer(5).body()).isEqualTo("hi");
            awaitNothingHeld(gateway);
        }
    }

    @Test
    void bodiesBeyondTheWindowOfTheirConnectionEndThat() throws Exception {
        BlockingQueue<CompletableFuture<Principal>> searches = new LinkedBlockingQueue<>();
        try (TestGateway gateway = asking(GatewaySettings.defaults().withEventLoops(1), searches, 1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead());
            client.headers(3, false, chatHead());
            client.part(1, 40 * KB);
            client.data(3, false, new byte[16 * KB]);
            client.awaitAllIsRead();
            client.data(3, false, new byte[10 * KB]);

            assertThat(client.readToClose().number(4)).isEqualTo(FLOW_CONTROL_ERROR);
            awaitNothingHeld(gateway);
        }
    }
}
