package io.costoptimal.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.http.Packing;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.junit.jupiter.params.provider.ValueSource;

/** Usage of answers whose clients, or whose providers, are for compressing them. */
class PackedAnswersTest {

    private static final String DOCUMENT = "{\"choices\":[{\"message\":{\"content\":\"" + "word ".repeat(400)
            + "\"}}],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10}}";
    private static final String EVENTS = "data: {\"choices\":[{\"delta\":{\"content\":\"word \"}}]}\n\n".repeat(100)
            + "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":19,\"completion_tokens\":10}}\n\ndata: [DONE]\n\n";
    private static final Usage USAGE = Usage.of(19, 10);

    private final BlockingQueue<String> usages = new LinkedBlockingQueue<>();

    /** A provider that compresses whenever it may, and notes by what it was told that it may. */
    private static ScriptedOrigin.Script compressing(String type, String answer) {
        return connection -> {
            for (String head = connection.readRequest(); head != null; head = connection.readRequest()) {
                boolean mayCompress = head.toLowerCase().contains("\r\naccept-encoding:")
                        && head.toLowerCase()
                                .split("\r\naccept-encoding:")[1]
                                .split("\r\n")[0]
                                .matches(".*(gzip|br|\\*).*");
                byte[] body = answer.getBytes(ISO_8859_1);
                connection.send(
                        response(type, mayCompress ? "gzip" : null, mayCompress ? Packing.GZIP.pack(body) : body));
            }
        };
    }

    private static String response(String type, String coding, byte[] body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: " + type + "\r\n"
                + (coding == null ? "" : "Content-Encoding: " + coding + "\r\n") + "Content-Length: " + body.length
                + "\r\n\r\n" + new String(body, ISO_8859_1);
    }

    private TestGateway gateway(int port) throws IOException {
        return TestGateway.start(
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(TestGateway.routes("gpt-4o", null, port)),
                exchange -> null,
                exchange -> usages.add(String.valueOf(exchange.usage())));
    }

    private static String chat(String acceptEncoding) {
        return TestGateway.chat("{\"model\":\"gpt-4o\"}")
                .replace("Host: g\r\n", "Host: g\r\nAccept-Encoding: " + acceptEncoding + "\r\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "gzip, deflate", "br, gzip, deflate", "gzip, deflate, br, zstd", "*", "identity"})
    void isKnownWhateverTheClientAccepts(String accepted) throws Exception {
        for (String answer : new String[] {DOCUMENT, EVENTS}) {
            String type = answer == EVENTS ? "text/event-stream" : "application/json";
            try (ScriptedOrigin origin = ScriptedOrigin.start(compressing(type, answer));
                    TestGateway gateway = gateway(origin.port());
                    RawClient client = RawClient.connect(gateway.port())) {
                client.send(chat(accepted));

                assertThat(client.readMessage()).endsWith("\r\n\r\n" + answer);
                gateway.nextEnd();
                assertThat(usages.take()).isEqualTo(USAGE.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "ZSTD")
    void isKnownOfAnAnswerThatComesCompressedAnyway(Packing packing) throws Exception {
        for (String answer : new String[] {DOCUMENT, EVENTS}) {
            String type = answer == EVENTS ? "text/event-stream" : "application/json";
            byte[] packed = packing.pack(answer.getBytes(ISO_8859_1));
            String whole = response(type, packing.coding(), packed);
            for (int cut = 1; cut < whole.length(); cut += whole.length() / 7) {
                int at = cut;
                try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                            while (connection.readRequest() != null) {
                                connection.send(whole.getBytes(ISO_8859_1), at);
                            }
                        });
                        TestGateway gateway = gateway(origin.port());
                        RawClient client = RawClient.connect(gateway.port())) {
                    client.send(chat("identity"));

                    assertThat(client.readMessage()).as("the same bytes").endsWith(whole.split("\r\n\r\n", 2)[1]);
                    gateway.nextEnd();
                    assertThat(usages.take()).isEqualTo(USAGE.toString());
                }
            }
        }
    }

    /** 10 MB of one letter in ten thousand bytes: relayed, and not read to its end. */
    @Test
    void isNotSoughtInWhatUnpacksToFarMore() throws Exception {
        String body = "{\"x\":\"" + "a".repeat(10 << 20) + "\",\"usage\":{\"prompt_tokens\":19}}";
        byte[] bomb = Packing.GZIP.pack(body.getBytes(ISO_8859_1));
        String whole = response("application/json", "gzip", bomb);
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(whole));
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat("gzip"));

            assertThat(client.readMessage()).endsWith(new String(bomb, ISO_8859_1));
            gateway.nextEnd();
            assertThat(usages.take()).isEqualTo("null");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "gzip, gzip", "gzip"})
    void doesNotMatterToAnAnswerThatCannotBeUnpacked(String coding) throws Exception {
        String whole = response("application/json", coding, "no such coding".getBytes(ISO_8859_1));
        try (ScriptedOrigin origin = ScriptedOrigin.start(ScriptedOrigin.answering(whole));
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat("gzip"));

            assertThat(client.readMessage()).endsWith("no such coding");
            gateway.nextEnd();
            assertThat(usages.take()).isEqualTo("null");
        }
    }

    /** A plain event in the middle of a packed stream would be garbage to whoever unpacks it. */
    @Test
    void aPackedStreamThatBreaksOffGetsNoEventOfOurs() throws Exception {
        byte[] packed = Packing.GZIP.pack(EVENTS.getBytes(ISO_8859_1));
        String half = new String(packed, 0, packed.length / 2, ISO_8859_1);
        String head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Encoding: gzip\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n";
        String chunk = Integer.toHexString(half.length()) + "\r\n" + half + "\r\n";
        try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                    connection.readRequest();
                    connection.send(head + chunk);
                });
                TestGateway gateway = gateway(origin.port());
                RawClient client = RawClient.connect(gateway.port())) {
            client.send(chat("gzip"));

            assertThat(client.readToEnd()).endsWith("\r\n\r\n" + chunk);
        }
    }
}
