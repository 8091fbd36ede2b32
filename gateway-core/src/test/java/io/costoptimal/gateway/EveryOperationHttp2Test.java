package io.costoptimal.gateway;

import static io.costoptimal.gateway.EveryRow.announcesLength;
import static io.costoptimal.gateway.EveryRow.bodies;
import static io.costoptimal.gateway.EveryRow.contentType;
import static io.costoptimal.gateway.EveryRow.path;
import static io.costoptimal.gateway.EveryRow.payload;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.testing.RawHttp2Client;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@link EveryOperationTest} says of HTTP/1.1, by HTTP/2: each row of the table, byte for byte there and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationHttp2Test {

    private ScriptedOrigin origin;
    private TestGateway gateway;
    private RawHttp2Client client;
    private ScriptedOrigin.Connection provider;
    private int stream;

    @BeforeAll
    void start() throws Exception {
        origin = EveryRow.origin();
        gateway = EveryRow.startFor(origin.port());
    }

    @AfterAll
    void stop() {
        gateway.close();
        origin.close();
    }

    @BeforeEach
    void connect() throws Exception {
        client = RawHttp2Client.connect(gateway.port());
        stream = 1;
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
    }

    static Stream<Operation> proxied() {
        return EveryRow.proxied();
    }

    @ParameterizedTest
    @MethodSource("proxied")
    void passesByteForByte(Operation operation) throws Exception {
        String path = path(operation) + "?after=%2F&x=1";
        for (String body : bodies(operation)) {
            if (body.isEmpty()) {
                client.headers(stream, true, head(operation, path));
            } else {
                String length = Integer.toString(body.length());
                client.headers(
                        stream,
                        false,
                        head(operation, path, "content-type", contentType(body), "content-length", length));
                client.data(stream, true, body.getBytes(ISO_8859_1));
            }
            assertAnswered("256");
            String arrived = arrived(operation, path);
            assertThat(arrived).endsWith("\r\n\r\n" + body).contains(TestGateway.PROVIDER_TOKEN + "\r\n");
            if (body.isEmpty() && !announcesLength(operation)) {
                assertThat(arrived).doesNotContainIgnoringCase("content-length", "transfer-encoding");
            } else {
                assertThat(arrived).containsIgnoringCase("\r\ncontent-length: " + body.length() + "\r\n");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("proxied")
    void passesTheSameBytesInPieces(Operation operation) throws Exception {
        for (String body :
                bodies(operation).stream().filter(each -> !each.isEmpty()).toList()) {
            byte[] bytes = body.getBytes(ISO_8859_1);
            String[] wanted = EveryRow.CHUNKS_WANTED.split(": ");
            client.headers(
                    stream,
                    false,
                    head(operation, path(operation), "content-type", contentType(body), wanted[0], wanted[1]));
            client.data(stream, false, Arrays.copyOf(bytes, 1));
            client.data(stream, false, Arrays.copyOfRange(bytes, 1, bytes.length));
            // The end may come in a frame of its own, without a byte (RFC 9113 section 6.1).
            client.data(stream, true, new byte[0]);
            assertAnswered(null);
            assertThat(payload(arrived(operation, path(operation)))).isEqualTo(body);
        }
    }

    private static String[] head(Operation operation, String target, String... more) {
        List<String> fields =
                new ArrayList<>(List.of(":method", operation.method(), ":scheme", "http", ":path", target));
        fields.addAll(List.of(":authority", "g", "authorization", "Bearer " + TestGateway.KEY, "x-odd", "two  blanks"));
        if (operation.family() == ApiFamily.ANTHROPIC) {
            fields.addAll(List.of("anthropic-version", "2023-06-01"));
        }
        fields.addAll(List.of(more));
        return fields.toArray(String[]::new);
    }

    /** @param length that the answer tells; {@code null} for none */
    private void assertAnswered(String length) throws Exception {
        RawHttp2Client.Answer answer = client.answer(stream);
        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.ended()).isTrue();
        assertThat(new String(answer.bytes(), ISO_8859_1)).isEqualTo(EveryRow.BYTES);
        assertThat(answer.fields())
                .containsEntry("content-type", "application/octet-stream")
                .containsEntry("x-odd", "two  blanks")
                .doesNotContainKeys("transfer-encoding", "connection");
        assertThat(answer.fields().get("content-length")).isEqualTo(length);
        stream += 2;
    }

    private String arrived(Operation operation, String target) throws Exception {
        provider = provider == null ? origin.next() : provider;
        String arrived = provider.nextRequest();
        assertThat(arrived)
                .startsWith(operation.method() + " " + target + " HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nx-odd: two  blanks\r\n")
                .doesNotContain(TestGateway.KEY);
        return arrived;
    }
}
