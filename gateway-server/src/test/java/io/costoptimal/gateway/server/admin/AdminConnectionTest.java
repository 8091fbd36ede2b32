package io.costoptimal.gateway.server.admin;

import static io.costoptimal.gateway.server.admin.Operators.request;
import static io.costoptimal.gateway.server.admin.Operators.status;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.IntSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests on a connection, and the threads that answer them. */
@Timeout(60)
class AdminConnectionTest {

    private static final String KEY = "authorization: Bearer admin-key";
    private static final String JSON = "content-type: application/json";
    private static final int ROWS = 200_000;

    /** Looks in a row at which nothing was written, after which nothing more will be. */
    private static final int STANDSTILL = 2_000;

    private final CountDownLatch gate = new CountDownLatch(1);
    private final Semaphore waiting = new Semaphore(0);
    private final CountDownLatch interrupted = new CountDownLatch(1);
    private final CountDownLatch streamEnded = new CountDownLatch(1);
    private final AtomicReference<Thread> writer = new AtomicReference<>();
    private final AtomicInteger written = new AtomicInteger();
    private final AtomicInteger length = new AtomicInteger();
    private Operators operators;

    @BeforeEach
    void start() throws IOException {
        operators = new Operators(
                new Route("GET", "/alive", Route.Access.HEALTH, Threads.Kind.NONE, request -> Answer.text(200, "ok")),
                new Route("GET", "/metrics", Route.Access.OPEN, Threads.Kind.SCRAPE, request -> Answer.text(200, "m")),
                Route.get("/slow", Threads.Kind.QUERY, request -> {
                    waiting.release();
                    try {
                        gate.await();
                    } catch (InterruptedException e) {
                        interrupted.countDown();
                        throw e;
                    }
                    return Answer.text(200, "at last");
                }),
                Route.get(
                        "/things/{id}",
                        Threads.Kind.QUICK,
                        request -> Answer.text(
                                200,
                                request.variables().get("id") + " "
                                        + request.head().query())),
                Route.post("/echo", Threads.Kind.QUICK, request -> Answer.of(200, "text/plain", request.body())),
                Route.get(
                        "/rows",
                        Threads.Kind.EXPORT,
                        request -> Answer.stream("text/csv", out -> {
                            try {
                                for (int i = 0; i < ROWS; i++) {
                                    out.write("a row\n".getBytes());
                                }
                            } finally {
                                streamEnded.countDown();
                            }
                        })),
                Route.get("/endless", Threads.Kind.EXPORT, request -> dots(() -> Integer.MAX_VALUE)),
                Route.get("/as-long-as-wanted", Threads.Kind.EXPORT, request -> dots(length::get)),
                Route.get(
                        "/broken",
                        Threads.Kind.EXPORT,
                        request -> Answer.stream("text/csv", out -> {
                            out.write(new byte[100_000]);
                            throw new IOException("the disk is gone");
                        })),
                Route.get(
                        "/broken-at-once",
                        Threads.Kind.EXPORT,
                        request -> Answer.stream("text/csv", out -> {
                            throw new IOException("the disk is gone");
                        })),
                Route.get("/defect", Threads.Kind.QUICK, request -> {
                    throw new IllegalStateException("a secret of ours");
                }));
    }

    @AfterEach
    void stop() {
        gate.countDown();
        operators.close();
    }

    @Test
    void answersOneRequestAfterTheOtherOnAConnection() throws IOException {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send(
                    request("", "GET /alive") + request("{}", "POST /echo", JSON, KEY) + request("", "GET /metrics"));

            assertThat(client.readMessage()).endsWith("ok");
            assertThat(client.readMessage()).endsWith("{}");
            assertThat(client.readMessage()).endsWith("m");
        }
    }

    @Test
    void closesWhenAsked() throws IOException {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send(request("", "GET /alive", "connection: close"));

            assertThat(client.readToEnd()).contains("\r\nconnection: close\r\n").endsWith("ok");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /things/a%2Fb%20c+d?x=1&x=2&y=%C3%A4 | 200 | a/b c+d {x=[1, 2], y=[ä]}
            /things/                             | 200 | ' {}'
            /things/a/b                          | 404 | There is nothing at
            /things                              | 404 | There is nothing at
            /things/a?x=%zz                      | 400 | invalid_query
            """)
    void readsPathsAndQueries(String path, int status, String text) throws IOException {
        String answer = new String(
                operators.ask("", "GET " + path, KEY).getBytes(java.nio.charset.StandardCharsets.ISO_8859_1),
                java.nio.charset.StandardCharsets.UTF_8);
        assertThat(status(answer)).isEqualTo(status);
        assertThat(answer).contains(text);
    }

    @Test
    void namesTheMethodsThatAPathTakes() throws IOException {
        assertThat(operators.ask("", "DELETE /echo", KEY))
                .startsWith("HTTP/1.1 405 ")
                .contains("\r\nallow: POST\r\n");
        assertThat(operators.ask("", "POST /slow", KEY)).contains("\r\nallow: GET, HEAD\r\n");
    }

    @Test
    void tellsTheLengthOfWhatAHeadRequestDoesNotGet() throws IOException {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send(request("", "HEAD /things/abc", "connection: close", KEY));

            assertThat(client.readToEnd()).contains("\r\ncontent-length: 6\r\n").endsWith("\r\n\r\n");
        }
    }

    @Test
    void healthAndMetricsAreAnsweredWhileEveryQueryThreadIsBusy() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            RawClient client = RawClient.connect(operators.port());
            clients.add(client);
            client.send(request("", "GET /slow", KEY));
        }
        waiting.acquire(4);

        assertThat(operators.ask("", "GET /alive")).endsWith("ok");
        assertThat(operators.ask("", "GET /metrics")).endsWith("m");
        assertThat(status(operators.ask("", "GET /things/a", KEY))).isEqualTo(200);

        gate.countDown();
        for (RawClient client : clients) {
            assertThat(client.readMessage()).endsWith("at last");
            client.close();
        }
    }

    @Test
    void streamsNoFasterThanTheClientReadsAndEndsWell() throws Exception {
        try (RawClient client = RawClient.connect(operators.port(), 8 * 1024)) {
            client.send(request("", "GET /rows", KEY, "connection: close"));
            client.readUntil("\r\n\r\n");
            assertThat(client.readUntil("a row\n")).isNotEmpty();

            String rest = client.readToEnd();
            assertThat(rest).endsWith("\r\n0\r\n\r\n");
            assertThat(rest.replaceAll("\r\n[0-9a-f]+\r\n", "")).hasSizeGreaterThan(6 * ROWS - 100);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.0", "1.1"})
    void closesOnlyWhenAllOfAStreamIsSent(String version) throws Exception {
        int fits = unread("/endless", version, client -> written.get());
        // Some of this is still to be written when the stream ends.
        length.set(fits - 24 * 1024);

        int read = unread("/as-long-as-wanted", version, client -> {
            client.readUntil("\r\n\r\n");
            return (int) client.readToEnd().chars().filter(c -> c == '.').count();
        });

        assertThat(read).isEqualTo(length.get());
    }

    /** Asks without reading until the stream has ended or stands still, and then does {@code then}. */
    private int unread(String path, String version, Reader then) throws Exception {
        writer.set(null);
        try (RawClient client = RawClient.connect(operators.port(), 8 * 1024)) {
            client.send("GET " + path + " HTTP/" + version + "\r\nhost: localhost\r\n" + KEY
                    + "\r\nconnection: close\r\n\r\n");
            int seen = -1;
            for (int same = 0; same < STANDSTILL; same++) {
                Thread.yield();
                boolean runs = writer.get() == null || writer.get().getState() == Thread.State.RUNNABLE;
                if (runs || written.get() != seen) {
                    seen = written.get();
                    same = 0;
                }
            }
            return then.read(client);
        }
    }

    private interface Reader {
        int read(RawClient client) throws IOException;
    }

    private Answer dots(IntSupplier count) {
        return Answer.stream("text/plain", out -> {
            written.set(0);
            writer.set(Thread.currentThread());
            while (written.get() < count.getAsInt()) {
                out.write('.');
                written.incrementAndGet();
            }
        });
    }

    @Test
    void aNewConnectionTakesThePlaceOfTheOldestThatAsksNothing() throws Exception {
        List<RawClient> clients = new ArrayList<>();
        try (RawClient asking = RawClient.connect(operators.port())) {
            asking.send(request("", "GET /slow", KEY));
            waiting.acquire();
            for (int i = 1; i < AdminServer.MOST; i++) {
                clients.add(RawClient.connect(operators.port()));
            }

            assertThat(operators.ask("", "GET /alive")).endsWith("ok");
            assertThat(clients.get(0).readToEnd()).isEmpty();
            gate.countDown();
            assertThat(asking.readMessage()).endsWith("at last");
        } finally {
            for (RawClient client : clients) {
                client.close();
            }
        }
    }

    @Test
    void theEndOfTheConnectionEndsAStreamForAClientThatKnowsNoChunks() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send("GET /rows HTTP/1.0\r\nhost: localhost\r\n" + KEY + "\r\nconnection: keep-alive\r\n\r\n");
            String answer = client.readUntil("\r\n\r\n");

            assertThat(answer).contains("\r\nconnection: close\r\n").doesNotContain("transfer-encoding");
            assertThat(client.readToEnd()).hasSize(6 * ROWS);
            assertThat(client.end()).isEqualTo(RawClient.End.FIN);
        }
    }

    @Test
    void aStreamThatBreaksIsResetForAClientThatKnowsNoChunks() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send("GET /broken HTTP/1.0\r\nhost: localhost\r\n" + KEY + "\r\n\r\n");

            client.readToEnd();
            assertThat(client.end()).isEqualTo(RawClient.End.RST);
        }
    }

    @Test
    void aStreamThatIsLeftUnfinishedAtTheEndOfTheServerIsResetForAClientThatKnowsNoChunks() throws Exception {
        try (RawClient client = RawClient.connect(operators.port(), 8 * 1024)) {
            client.send("GET /endless HTTP/1.0\r\nhost: localhost\r\n" + KEY + "\r\n\r\n");
            client.readUntil("\r\n\r\n");

            operators.close();

            client.readToEnd();
            assertThat(client.end()).isEqualTo(RawClient.End.RST);
        }
    }

    /** What is not read when a connection is closed makes the close a reset, which can take the answer away. */
    @Test
    void whatComesBehindTheLastRequestIsReadSoThatTheAnswerArrives() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            String parts = request("", "GET /alive").repeat(AdminConnection.MOST_AHEAD / 2);
            client.send(request("", "GET /slow", KEY, "connection: close") + parts);
            waiting.acquire();
            gate.countDown();

            client.send(request("x".repeat(12 * 1024 * 1024), "POST /echo", JSON, KEY));

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").endsWith("at last");
        }
    }

    @Test
    void tellsNoLengthOfAStreamThatAHeadRequestDoesNotGet() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send(request("", "HEAD /rows", "connection: close", KEY));

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").doesNotContain("content-length");
        }
    }

    @Test
    void stopsLookingForAnAnswerWhenTheClientLeaves() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send(request("", "GET /slow", KEY));
            waiting.acquire();
        }

        interrupted.await();
    }

    @Test
    void stopsStreamingWhenTheClientLeaves() throws Exception {
        try (RawClient client = RawClient.connect(operators.port(), 8 * 1024)) {
            client.send(request("", "GET /rows", KEY));
            client.readUntil("a row\n");
            assertThat(streamEnded.getCount()).isOne();
            client.rst();
        }

        streamEnded.await();
    }

    @Test
    void aStreamThatBreaksHasNoEnd() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send(request("", "GET /broken", KEY));

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 200 ").doesNotEndWith("\r\n0\r\n\r\n");
        }
        assertThat(operators.ask("", "GET /broken-at-once", KEY))
                .startsWith("HTTP/1.1 500 ")
                .doesNotContain("disk");
    }

    @Test
    void aDefectIsNotShown() throws Exception {
        assertThat(operators.ask("", "GET /defect", KEY))
                .startsWith("HTTP/1.1 500 ")
                .contains("{\"error\":{\"code\":\"failed\"")
                .doesNotContain("secret");
    }

    @Test
    void readsNoMoreOfABodyThanItsSenderMaySend() throws Exception {
        String large = "x".repeat(20_000);

        assertThat(operators.ask(large, "POST /echo", JSON, KEY))
                .startsWith("HTTP/1.1 200 ")
                .endsWith(large);
        assertThat(operators.ask(large, "POST /login", JSON)).startsWith("HTTP/1.1 413 ");
        assertThat(operators.ask(large, "POST /echo", JSON)).startsWith("HTTP/1.1 413 ");
        assertThat(operators.ask("x".repeat(16 * 1024 * 1024 + 1), "POST /echo", JSON, KEY))
                .startsWith("HTTP/1.1 413 ");
    }

    @Test
    void asksForABodyOnlyWhenItsSenderIsLetIn() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send("POST /echo HTTP/1.1\r\nhost: localhost\r\n" + JSON + "\r\n" + KEY
                    + "\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
            client.readUntil("100 Continue\r\n\r\n");
            client.send("{}");
            assertThat(client.readMessage()).endsWith("{}");
        }
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send("POST /echo HTTP/1.1\r\nhost: localhost\r\n" + JSON
                    + "\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n");
            assertThat(client.readToEnd()).startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void whatIsNoRequestIsAnsweredAndTheConnectionClosed() throws Exception {
        try (RawClient client = RawClient.connect(operators.port())) {
            client.send("NONSENSE\r\n\r\n");

            assertThat(client.readToEnd()).startsWith("HTTP/1.1 400 ").contains("\r\nconnection: close\r\n");
        }
    }
}
