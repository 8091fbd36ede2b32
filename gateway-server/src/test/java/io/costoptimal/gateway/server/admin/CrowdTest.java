package io.costoptimal.gateway.server.admin;

import static io.costoptimal.gateway.server.admin.Operators.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who makes room when a listener has as many connections as it may have: four. */
@Timeout(60)
class CrowdTest {

    private static final String KEY = "authorization: Bearer admin-key";

    /** More than the buffers of both ends hold, so that an answer of this length is not sent before it is read. */
    private static final int LENGTH = 32 * 1024 * 1024;

    private final byte[] page = new byte[LENGTH];
    private final List<RawClient> clients = new ArrayList<>();
    private Operators operators;

    @BeforeEach
    void start() throws IOException {
        operators = new Operators(
                4,
                new Route("GET", "/alive", Route.Access.HEALTH, Threads.Kind.NONE, request -> Answer.text(200, "ok")),
                new Route("GET", "/page", Route.Access.OPEN, Threads.Kind.QUICK, request -> answer()),
                Route.get("/figures", Threads.Kind.QUICK, request -> answer()));
    }

    @AfterEach
    void stop() throws IOException {
        for (RawClient client : clients) {
            client.close();
        }
        operators.close();
    }

    private Answer answer() {
        return Answer.of(200, "text/plain", page);
    }

    /** Asks, and reads nothing but the head of the answer. */
    private RawClient asks(String... lines) throws IOException {
        RawClient client = RawClient.connect(operators.port());
        clients.add(client);
        client.send(request("", lines));
        assertThat(client.readUntil("\r\n\r\n")).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private void nobodyIsKeptOut() throws IOException {
        assertThat(operators.ask("", "GET /alive")).endsWith("ok");
    }

    @Test
    void theOldestWithoutAKeyThatDoesNotReadMakesRoom() throws IOException {
        RawClient keyed = asks("GET /figures", KEY);
        RawClient first = asks("GET /page");
        RawClient second = asks("GET /page");
        RawClient third = asks("GET /page");

        nobodyIsKeptOut();

        assertThat(first.drain(LENGTH)).isLessThan(LENGTH);
        for (RawClient kept : List.of(keyed, second, third)) {
            assertThat(kept.drain(LENGTH)).isEqualTo(LENGTH);
        }
    }

    @Test
    void oneThatIsBeingClosedMakesRoomBeforeOneThatDoesNotRead() throws IOException {
        RawClient reads = asks("GET /page");
        for (int i = 0; i < 3; i++) {
            asks("GET /alive", "connection: close").readToEnd();
        }

        nobodyIsKeptOut();

        assertThat(reads.drain(LENGTH)).isEqualTo(LENGTH);
    }

    @Test
    void nobodyWhoIsAnsweredForAKeyMakesRoom() throws IOException {
        for (int i = 0; i < 4; i++) {
            asks("GET /figures", KEY);
        }

        try (RawClient late = RawClient.connect(operators.port())) {
            assertThat(late.readToEnd()).isEmpty();
        }
        for (RawClient client : clients) {
            assertThat(client.drain(LENGTH)).isEqualTo(LENGTH);
        }
    }
}
