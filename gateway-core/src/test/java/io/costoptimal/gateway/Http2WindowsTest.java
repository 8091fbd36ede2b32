package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.RawHttp2Client.chatHead;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How much clients by HTTP/2 may send ahead, what memory that takes, and when it is given back. */
@Timeout(120)
class Http2WindowsTest {

    static final int KB = 1024;
    static final int MB = KB * KB;
    /** Round trips that a prompt of 6 MB takes at most; it would be ninety, if windows stayed as they are. */
    static final int ROUNDS = 16;

    static final int INITIAL_WINDOW = 4;
    private static final int CANCEL = 8;
    static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";

    /** A prompt of at least {@code size} bytes. */
    static byte[] prompt(int size) {
        return ("{\"model\":\"gpt-4o\",\"input\":\"" + "x".repeat(size) + "\"}").getBytes(US_ASCII);
    }

    static String[] head(long length) {
        return chatHead("content-length", Long.toString(length));
    }

    /** @param bytes that all bodies may hold together, and heads that are not whole */
    static GatewaySettings holding(long bytes) {
        Limits defaults = Limits.DEFAULTS;
        Limits.Head head = defaults.head();
        Limits.Head unread = new Limits.Head(head.line(), head.bytes(), head.count(), bytes);
        Limits.Body body = new Limits.Body(
                (int) Math.min(bytes, 32 * MB), bytes, defaults.body().jsonDepth());
        return GatewaySettings.defaults()
                .withEventLoops(1)
                .withLimits(new Limits(unread, body, defaults.client(), defaults.upstream()));
    }

    /** What is held of clients whose key is not known yet. */
    static long unread(TestGateway gateway) {
        return gateway.gateway().counts().memory().heads().held();
    }

    static long held(TestGateway gateway) {
        return gateway.gateway().counts().memory().bodies().held();
    }

    /** Waits until nothing of any body is held, which may be a moment after a client has seen the end of its exchange. */
    static void awaitNothingHeld(TestGateway gateway) {
        while (held(gateway) + unread(gateway) != 0) {
            Thread.onSpinWait();
        }
    }

    @Test
    void nothingIsHeldForABodyOfWhichNothingHasCome() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, head(6 * MB));
            client.awaitAllIsRead();

            assertThat(client.windowOf(1)).isEqualTo(65_535);
            assertThat(held(gateway)).isZero();
        }
    }

    @Test
    void theWindowOfALongBodyGrowsWithWhatHasComeOfIt() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, head(6 * MB));
            int before = client.windowOf(1);
            client.data(1, false, "{\"model\":\"gpt-4o\",\"input\":\"");
            client.part(1, 60 * KB);
            client.awaitAllIsRead();
            int after = client.windowOf(1);

            assertThat(after).isBetween(2 * before, 4 * before);
            // What has come, and what the window has grown by.
            assertThat(held(gateway)).isBetween(160L * KB, 320L * KB);
        }
    }

    @Test
    void shortBodiesGrowNoWindow() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, head(64 * KB));
            client.data(1, false, "{\"model\":\"gpt-4o\",\"input\":\"");
            client.part(1, 48 * KB);
            client.awaitAllIsRead();

            assertThat(client.windowOf(1)).isLessThanOrEqualTo(65_536);
            assertThat(held(gateway)).isLessThan(100 * KB);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aLongBodyComesUpInAFewRoundTrips(boolean announced) throws Exception {
        byte[] body = prompt(6 * MB);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, announced ? head(body.length) : chatHead());

            assertThat(client.upload(1, body, ROUNDS)).isEqualTo(body.length);
            assertThat(client.answer(1).body()).isEqualTo("hi");
            awaitNothingHeld(gateway);
        }
    }

    /** Each announces a long body under a wrong key, and takes nothing of what it is told. */
    @Test
    void whoIsRefusedHoldsNothingThoughItTakesNoAnswer() throws Exception {
        List<RawHttp2Client> attackers = new ArrayList<>();
        byte[] body = prompt(3 * MB);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(holding(8 * MB), origin.port());
                RawHttp2Client honest = RawHttp2Client.connect(gateway.port());
                RawClient old = RawClient.connect(gateway.port())) {
            for (int i = 0; i < 8; i++) {
                RawHttp2Client attacker = RawHttp2Client.connect(gateway.port(), INITIAL_WINDOW, 0);
                attackers.add(attacker);
                for (int stream = 1; stream < 9; stream += 2) {
                    String[] head = head(MB);
                    head[9] = "Bearer wrong";
                    attacker.headers(stream, false, head);
                    attacker.part(stream, 8 * KB);
                }
                attacker.awaitAllIsRead();
            }
            assertThat(held(gateway)).isZero();

            honest.headers(1, false, head(body.length));
            assertThat(honest.upload(1, body, ROUNDS)).isEqualTo(body.length);
            assertThat(honest.answer(1).body()).isEqualTo("hi");
            old.send(TestGateway.chat(new String(body, US_ASCII)));
            assertThat(old.readMessage()).isEqualTo(OK);
        } finally {
            for (RawHttp2Client attacker : attackers) {
                attacker.close();
            }
        }
    }

    /** Each is refused for another reason, after some of its body has come. */
    @ParameterizedTest
    @ValueSource(strings = {"/v1/chat/completions", "/v1/nothing"})
    void aBodyThatWasRefusedHoldsNothingThoughItsStreamIsOpen(String path) throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), INITIAL_WINDOW, 0)) {
            String[] head = head(6 * MB);
            head[7] = path;
            client.headers(1, false, head);
            // Not JSON, where it gets so far.
            client.part(1, 40 * KB);
            client.data(1, false, "x");
            client.awaitAllIsRead();

            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.REJECTED);
            assertThat(held(gateway)).isZero();
        }
    }

    @Test
    void whatWasHeldIsGivenBackWithTheExchangeThoughTheAnswerIsNotTaken() throws Exception {
        byte[] body = prompt(3 * MB);
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port(), INITIAL_WINDOW, 0)) {
            client.headers(1, false, head(body.length));
            client.upload(1, body);

            assertThat(gateway.nextEnd().outcome()).isEqualTo(Outcome.COMPLETED);
            client.awaitAllIsRead();
            assertThat(held(gateway)).isZero();
            client.window(1, 100);
            assertThat(client.answer(1).body()).isEqualTo("hi");
        }
    }

    /** The first ones have all that one connection's windows may grow by. */
    @Test
    void anUploadGrowsOnceOthersOfItsConnectionHaveEnded() throws Exception {
        try (TestGateway gateway = Http2RequestsTest.http2(1);
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            for (int stream = 1; stream < 11; stream += 2) {
                client.headers(stream, false, head(20 * MB));
                client.data(stream, false, "{\"model\":\"gpt-4o\",\"input\":\"");
                sendsOn(client, stream);
            }
            int fifth = client.windowOf(9);
            client.reset(1, CANCEL);
            sendsOn(client, 9);

            assertThat(fifth).isLessThan(400 * KB);
            assertThat(client.windowOf(9)).isGreaterThan(450 * KB);
        }
    }

    private static void sendsOn(RawHttp2Client client, int stream) throws IOException {
        for (int i = 0; i < 40; i++) {
            client.part(stream, 32 * KB);
            client.awaitAllIsRead();
        }
    }

    @Test
    void aBodyBeyondTheFirstWindowsComesUp() throws Exception {
        String text = "x".repeat(6_000_000);
        String body = "{\"model\":\"gpt-4o\",\"input\":\"" + text + "\"}";
        try (ScriptedOrigin origin = Http2RequestsTest.answering(OK);
                TestGateway gateway = Http2RequestsTest.http2(origin.port());
                RawHttp2Client client = RawHttp2Client.connect(gateway.port())) {
            client.headers(1, false, chatHead("content-length", Integer.toString(body.length())));
            client.upload(1, body.getBytes(US_ASCII));

            assertThat(client.answer(1).body()).isEqualTo("hi");
            assertThat(origin.next().nextRequest()).endsWith(body);
        }
    }
}
