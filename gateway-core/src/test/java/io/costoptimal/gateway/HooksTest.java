package io.costoptimal.gateway;

import static io.costoptimal.gateway.testing.TestGateway.KEY;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.AnswerFields;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeHook;
import io.costoptimal.gateway.exchange.ExchangeHooks;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.ProviderFields;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an embedder hears of an exchange while it runs, and what it adds to requests: over real sockets. */
class HooksTest {

    private static final String BODY = "{\"model\":\"gpt-4o\"}";
    private static final String OK =
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Region: eu\r\nSet-Cookie: a=b\r\n\r\nok";
    private static final String BUSY = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nX-Region: us\r\n\r\n";

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    /** Notes every call, and what can be seen in it. */
    private final class Noting implements ExchangeHook {
        @Override
        public void attemptStarted(ExchangeReport exchange) {
            heard.add("attempt " + exchange.attempts() + " " + exchange.modelSent());
        }

        @Override
        public void answerStarted(ExchangeReport exchange, AnswerFields head) {
            List<String> fields = new ArrayList<>();
            head.forEach((name, value) -> fields.add(name + "=" + value));
            heard.add("answer " + head.status() + " " + head.get("x-region") + " " + fields);
        }

        @Override
        public void attemptFailed(ExchangeReport exchange, UpstreamFailure failure) {
            heard.add("failed " + failure.kind());
        }

        @Override
        public void ended(ExchangeReport exchange) {
            heard.add("ended " + exchange.outcome() + " " + exchange.status());
        }
    }

    private static String chat(String query, String fields) {
        return "POST /v1/chat/completions" + query + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + KEY + "\r\n"
                + fields + "Content-Length: " + BODY.length() + "\r\n\r\n" + BODY;
    }

    private Gateway gateway(Services services, int... ports) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return Gateway.start(
                any,
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", "sent", ports)),
                services);
    }

    private static Services services() {
        return new Services(GatewayListener.NONE, exchange -> {
            throw new AssertionError("nothing local is asked");
        });
    }

    private static RawClient client(Gateway gateway) throws Exception {
        return RawClient.connect(gateway.address().getPort());
    }

    private String next() throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }

    @Test
    void tellOfTheStartOfEachAttemptOfEachAnswersHeadAndOfTheEnd() throws Exception {
        ExchangeHooks hooks = (exchange, fields) -> {
            heard.add("started " + exchange.caller().address() + " " + exchange.path() + " " + fields.get("X-Team"));
            return new Noting();
        };
        try (ScriptedOrigin busy = ScriptedOrigin.start(ScriptedOrigin.answering(BUSY));
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway = gateway(services().withHooks(hooks), busy.port(), good.port());
                RawClient client = client(gateway)) {
            client.send(chat("", "x-team: a\r\n"));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");

            assertThat(next()).isEqualTo("started 127.0.0.1 /v1/chat/completions a");
            assertThat(next()).isEqualTo("attempt 1 sent");
            assertThat(next()).isEqualTo("answer 503 us [Content-Length=0, X-Region=us]");
            assertThat(next()).isEqualTo("failed STATUS");
            assertThat(next()).isEqualTo("attempt 2 sent");
            assertThat(next()).isEqualTo("answer 200 eu [Content-Length=2, X-Region=eu]");
            assertThat(next()).isEqualTo("ended COMPLETED 200");
            assertThat(heard).isEmpty();
        }
    }

    /** Two at a time on one connection, each with its own. */
    @Test
    void tellOfEachStreamOfAConnectionByItself() throws Exception {
        Map<String, List<String>> heard = new ConcurrentHashMap<>();
        CountDownLatch ended = new CountDownLatch(3);
        ExchangeHooks hooks = (exchange, fields) -> {
            List<String> mine = heard.computeIfAbsent(fields.get("X-Team"), team -> new CopyOnWriteArrayList<>());
            return new ExchangeHook() {
                @Override
                public void attemptStarted(ExchangeReport report) {
                    mine.add("attempt");
                }

                @Override
                public void answerStarted(ExchangeReport report, AnswerFields head) {
                    mine.add("answer " + head.status());
                }

                @Override
                public void ended(ExchangeReport report) {
                    mine.add("ended " + report.outcome() + " " + report.status());
                    ended.countDown();
                }
            };
        };
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        CountDownLatch both = new CountDownLatch(2);
        try (ScriptedOrigin good = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    both.countDown();
                    connection.await(both);
                    connection.send(OK);
                    connection.readToEnd();
                });
                Gateway gateway = Gateway.start(
                        List.of(Listener.at(any).withHttp2()),
                        GatewaySettings.defaults().withEventLoops(1),
                        TestGateway.snapshot(TestGateway.routes("gpt-4o", "sent", good.port())),
                        services().withHooks(hooks));
                RawHttp2Client client = RawHttp2Client.connect(gateway.address().getPort())) {
            client.headers(1, false, RawHttp2Client.chatHead("x-team", "a"));
            client.headers(3, false, RawHttp2Client.chatHead("x-team", "b"));
            client.headers(5, true, RawHttp2Client.chatHead("x-team", "c", "te", "gzip"));
            client.headers(7, false, RawHttp2Client.chatHead("x-team", "d"));
            client.data(1, true, BODY);
            client.data(3, true, BODY);
            client.reset(7, 8);
            assertThat(client.answer(1).status()).isEqualTo(200);
            assertThat(client.answer(3).status()).isEqualTo(200);
            ended.await();

            assertThat(heard)
                    .containsEntry("a", List.of("attempt", "answer 200", "ended COMPLETED 200"))
                    .containsEntry("b", List.of("attempt", "answer 200", "ended COMPLETED 200"))
                    .containsEntry("d", List.of("ended CLIENT_CANCELLED 0"))
                    .hasSize(3);
        }
    }

    @Test
    void tellOfRequestsThatAreRefusedOnTheirHeads() throws Exception {
        ExchangeHooks hooks = (exchange, fields) -> new Noting();
        try (Gateway gateway = gateway(services().withHooks(hooks), 9)) {
            for (String refused : List.of(
                    "GET /nowhere HTTP/1.1\r\nHost: g\r\n\r\n",
                    chat("", "").replace(KEY, "sk-wrong"),
                    "POST /v1/chat/completions HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")) {
                try (RawClient client = client(gateway)) {
                    client.send(refused);
                    client.readUntil("\r\n\r\n");
                }
                assertThat(next()).startsWith("ended REJECTED 4");
            }
        }
    }

    @Test
    void neverSeeACredential() throws Exception {
        ExchangeHooks hooks = (exchange, fields) -> {
            Map<String, String> seen = new LinkedHashMap<>();
            fields.forEach(seen::put);
            heard.add(seen + " " + fields.query());
            for (String name :
                    List.of("authorization", "X-Api-Key", "x-repeats", "cookie", "api_key", "Proxy-Authorization")) {
                assertThat(fields.get(name)).isNull();
            }
            return null;
        };
        try (ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway = gateway(services().withHooks(hooks), good.port());
                RawClient client = client(gateway)) {
            client.send(chat(
                    "?a=1&api_key=secret&b=" + KEY + "&c=2",
                    "x-api-key: secret\r\napi_key: secret\r\nCookie: secret\r\nProxy-Authorization: Basic secret\r\n"
                            + "x-repeats: Bearer " + KEY + "\r\nx-seen: yes\r\n"));
            assertThat(next()).isEqualTo("{Host=g, x-seen=yes, Content-Length=" + BODY.length() + "} a=1&c=2");
            client.readMessage();
        }
    }

    @Test
    void seeNoQueryWhereAllOfItWasAKey() throws Exception {
        ExchangeHooks hooks = (exchange, fields) -> {
            heard.add("query " + fields.query());
            return null;
        };
        try (ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway = gateway(services().withHooks(hooks), good.port());
                RawClient client = client(gateway)) {
            client.send(chat("?key=secret", "") + chat("", ""));
            assertThat(next()).isEqualTo("query null");
            client.readMessage();
            client.readMessage();
            assertThat(next()).isEqualTo("query null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"started", "attemptStarted", "answerStarted", "attemptFailed", "ended"})
    void hurtNobodyByWhatTheyThrow(String where) throws Exception {
        ExchangeHook throwing = new ExchangeHook() {
            private void fail(String here) {
                heard.add(here);
                if (here.equals(where)) {
                    throw new IllegalStateException("an embedder's defect");
                }
            }

            @Override
            public void attemptStarted(ExchangeReport exchange) {
                fail("attemptStarted");
            }

            @Override
            public void answerStarted(ExchangeReport exchange, AnswerFields head) {
                fail("answerStarted");
            }

            @Override
            public void attemptFailed(ExchangeReport exchange, UpstreamFailure failure) {
                fail("attemptFailed");
            }

            @Override
            public void ended(ExchangeReport exchange) {
                fail("ended");
            }
        };
        ExchangeHooks hooks = (exchange, fields) -> {
            heard.add("started");
            if (where.equals("started")) {
                throw new IllegalStateException("an embedder's defect");
            }
            return throwing;
        };
        try (ScriptedOrigin busy = ScriptedOrigin.start(ScriptedOrigin.answering(BUSY));
                ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway = gateway(services().withHooks(hooks), busy.port(), good.port());
                RawClient client = client(gateway)) {
            for (int i = 0; i < 2; i++) {
                client.send(chat("", ""));
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").endsWith("ok");
            }
            assertThat(heard).contains(where);
        }
    }

    @Test
    void addFieldsToARequestThatReplaceTheClientsAndTheConfiguredOnes() throws Exception {
        ProviderFields fields = (exchange, client) -> {
            Map<String, String> added = new LinkedHashMap<>();
            added.put("X-Tenant", client.get("x-team") + "-" + exchange.attempts());
            added.put("Authorization", "AWS4 signature");
            added.put("host", "other.test");
            return added;
        };
        try (ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway = gateway(services().withFields(fields), good.port());
                RawClient client = client(gateway)) {
            client.send(chat("", "x-team: a\r\nx_tenant: mine\r\nX-TENANT: mine\r\n"));
            assertThat(client.readMessage()).endsWith("ok");
            String request = good.next().nextRequest();
            assertThat(request)
                    .startsWith(
                            "POST /v1/chat/completions HTTP/1.1\r\nX-Tenant: a-1\r\nAuthorization: AWS4 signature\r\n"
                                    + "host: other.test\r\nContent-Length: 16\r\n")
                    .contains("\r\nx-team: a\r\n")
                    .doesNotContain("mine", "Host: 127", TestGateway.PROVIDER_TOKEN);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Content-Length, 3",
        "content_length, 3",
        "Transfer-Encoding, chunked",
        "Connection, close",
        "Trailer, x",
        "Expect, 100-continue",
        "'x y', v",
        "'', v",
        "x-y, 'v\r\nevil: yes'",
        "x-y, 'v\n'"
    })
    void sendNothingWithAFieldThatCannotBeSent(String name, String value) throws Exception {
        try (ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway =
                        gateway(services().withFields((exchange, client) -> Map.of(name, value)), good.port());
                RawClient client = client(gateway)) {
            client.send(chat("", ""));
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 500 ")
                    .contains("\"type\":\"server_error\"")
                    .doesNotContain("evil");
        }
    }

    @Test
    void sendNothingWhenTheFieldsCannotBeMade() throws Exception {
        ProviderFields fields = (exchange, client) -> {
            if (heard.isEmpty()) {
                heard.add("thrown");
                throw new IllegalStateException("an embedder's defect");
            }
            return Map.of();
        };
        try (ScriptedOrigin good = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
                Gateway gateway = gateway(services().withFields(fields), good.port());
                RawClient client = client(gateway)) {
            client.send(chat("", ""));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 500 ");
            client.send(chat("", ""));
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void areNothingThatIsMadeForEachExchangeWhereNobodyLooks() throws Exception {
        GatewayListener listener = exchange -> heard.add("made: " + ((Exchange) exchange).embedder());
        Services plain = new Services(listener, exchange -> new LocalAnswer(200, "text/plain", new byte[0]));
        try (Gateway gateway = gateway(plain, 9);
                RawClient client = client(gateway)) {
            client.send("GET /healthz HTTP/1.1\r\nHost: g\r\n\r\n");
            client.readMessage();
            assertThat(next()).isEqualTo("made: null");
        }
    }
}
