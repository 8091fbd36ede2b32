package io.costoptimal.gateway;

import static io.costoptimal.gateway.EveryRow.SIZED;
import static io.costoptimal.gateway.EveryRow.announcesLength;
import static io.costoptimal.gateway.EveryRow.bodies;
import static io.costoptimal.gateway.EveryRow.contentType;
import static io.costoptimal.gateway.EveryRow.path;
import static io.costoptimal.gateway.EveryRow.payload;
import static io.costoptimal.gateway.EveryRow.startFor;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each row of the table that goes to a provider, and some that entries of the routes open: what arrives is what was sent, and
 * what comes back is what was answered. A new row is tested without a word here.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EveryOperationTest {

    private ScriptedOrigin origin;
    private TestGateway gateway;
    private RawClient client;
    private ScriptedOrigin.Connection provider;

    @BeforeAll
    void start() throws Exception {
        origin = EveryRow.origin();
        gateway = startFor(origin.port());
    }

    @BeforeEach
    void connect() throws Exception {
        client = RawClient.connect(gateway.port());
    }

    @AfterEach
    void disconnect() throws Exception {
        client.close();
    }

    @AfterAll
    void stop() {
        gateway.close();
        origin.close();
    }

    static Stream<Operation> proxied() {
        return EveryRow.proxied();
    }

    static Stream<Operation> ofAzure() {
        return proxied()
                .filter(row -> row.family() == ApiFamily.OPENAI && row.path().startsWith("/v1/"));
    }

    @ParameterizedTest
    @MethodSource("proxied")
    void passesByteForByte(Operation operation) throws Exception {
        String path = path(operation);
        for (String body : bodies(operation)) {
            client.send(request(operation, path + "?after=%2F&x=1", body));
            assertThat(client.readMessage()).isEqualTo(SIZED);
            String arrived = arrived();
            assertThat(arrived)
                    .startsWith(operation.method() + " " + path + "?after=%2F&x=1 HTTP/1.1\r\n")
                    .endsWith("\r\n\r\n" + body)
                    .contains("\r\nX-Odd: two  blanks\r\n")
                    .contains(TestGateway.PROVIDER_TOKEN + "\r\n")
                    .doesNotContain(TestGateway.KEY);
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
            client.send(head(operation, path(operation)) + EveryRow.CHUNKS_WANTED + "\r\nContent-Type: "
                    + contentType(body) + "\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n");
            client.send(body.charAt(0) + "\r\n");
            client.send(Integer.toHexString(body.length() - 1) + "\r\n" + body.substring(1, body.length() - 1));
            client.send(body.charAt(body.length() - 1) + "\r\n0\r\n\r\n");
            assertThat(client.readMessage()).isEqualTo(EveryRow.CHUNKED);
            String arrived = arrived();
            assertThat(arrived).startsWith(operation.method() + " " + path(operation) + " HTTP/1.1\r\n");
            assertThat(payload(arrived)).isEqualTo(body);
        }
    }

    static Stream<Operation> withoutABody() {
        return proxied()
                .filter(row -> announcesLength(row) && bodies(row).get(0).isEmpty());
    }

    /** As {@code curl -X POST} without {@code -d} asks for it. */
    @ParameterizedTest
    @MethodSource("withoutABody")
    void takesARequestThatSaysNothingOfABody(Operation operation) throws Exception {
        client.send(head(operation, path(operation)) + "\r\n");
        assertThat(client.readToEnd())
                .startsWith(SIZED.substring(0, SIZED.indexOf("Content-Length")))
                .contains("\r\nconnection: close\r\n")
                .endsWith("\r\n\r\n" + EveryRow.BYTES);
        assertThat(arrived())
                .startsWith(operation.method() + " " + path(operation) + " HTTP/1.1\r\n")
                .containsIgnoringCase("\r\ncontent-length: 0\r\n")
                .endsWith("\r\n\r\n");
    }

    @ParameterizedTest
    @MethodSource("ofAzure")
    void isFoundByAzuresSpellingsToo(Operation operation) throws Exception {
        String path = path(operation);
        String body = bodies(operation).get(0);
        client.send(request(operation, "/openai" + path + "?api-version=1", body));
        assertThat(client.readMessage()).isEqualTo(SIZED);
        assertThat(arrived()).startsWith(operation.method() + " " + path + "?api-version=1 HTTP/1.1\r\n");
    }

    @Test
    void isAskedWhereAnAzureResourceHasIt() throws Exception {
        ScriptedOrigin resource = EveryRow.origin();
        try (resource;
                TestGateway azure = startFor(resource.port(), ProviderKinds.AZURE, "");
                RawClient asking = RawClient.connect(azure.port())) {
            ScriptedOrigin.Connection asked = null;
            for (Operation operation : ofAzure().toList()) {
                asking.send(
                        request(operation, path(operation), bodies(operation).get(0)));
                assertThat(asking.readMessage()).as(operation.toString()).isEqualTo(SIZED);
                asked = asked == null ? resource.next() : asked;
                String behind = path(operation).substring("/v1".length());
                String place = operation.model().byDeployment() ? "/openai/deployments/m" : "/openai";
                assertThat(asked.nextRequest())
                        .startsWith(operation.method() + " " + place + behind + "?api-version=2024-10-21 HTTP/1.1\r\n");
            }
        }
    }

    @Test
    void anAnswerToHeadHasNoBodyWhateverItsLength() throws Exception {
        ScriptedOrigin heads =
                ScriptedOrigin.start(ScriptedOrigin.answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"));
        try (heads;
                TestGateway other = startFor(heads.port());
                RawClient asking = RawClient.connect(other.port())) {
            for (int i = 0; i < 2; i++) {
                asking.send("HEAD /v1/assistants/a HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                        + "\r\n\r\n");
                assertThat(asking.readUntil("\r\n\r\n"))
                        .startsWith("HTTP/1.1 200 OK\r\n")
                        .containsIgnoringCase("content-length: 9\r\n");
            }
        }
    }

    private String arrived() throws Exception {
        provider = provider == null ? origin.next() : provider;
        return provider.nextRequest();
    }

    private static String head(Operation operation, String target) {
        return operation.method() + " " + target + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nX-Odd: two  blanks\r\n"
                + (operation.family() == ApiFamily.ANTHROPIC ? "anthropic-version: 2023-06-01\r\n" : "");
    }

    private static String request(Operation operation, String target, String body) {
        boolean none = body.isEmpty() && !announcesLength(operation);
        return head(operation, target)
                + (none ? "" : "Content-Type: " + contentType(body) + "\r\nContent-Length: " + body.length() + "\r\n")
                + "\r\n" + body;
    }
}
