package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.http.Packing;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests in a content coding: what the provider gets, and what is refused. */
class PackedRequestsTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    private static final String BODY =
            "{\"model\":\"gpt-4o\",\"messages\":[" + "\"Say this is a test!\",".repeat(50) + "1],\"max_tokens\":5}";
    private static final int BODY_LIMIT = 3 * 1024 * 1024;

    private ScriptedOrigin origin;
    private TestGateway gateway;

    @BeforeEach
    void start() throws IOException {
        origin = ScriptedOrigin.start(ScriptedOrigin.answering(OK));
        GatewaySettings settings = GatewaySettings.defaults().withEventLoops(1);
        Limits limits = Limits.DEFAULTS;
        limits = new Limits(
                limits.head(), new Limits.Body(BODY_LIMIT, 16 << 20, 100), limits.client(), limits.upstream());
        Principal restricted = new Principal("restricted", Principal.Role.CLIENT, ModelScope.of(List.of("gpt-4o")));
        gateway = TestGateway.start(
                settings.withLimits(limits),
                new Snapshot(
                        KeyRing.of(List.of(KeyEntry.of(TestGateway.KEY, restricted))),
                        new Router(TestGateway.routes("gpt-4o", "gpt-4o-mini", origin.port()))),
                exchange -> null,
                exchange -> {});
    }

    @AfterEach
    void stop() throws Exception {
        gateway.close();
        origin.close();
    }

    @ParameterizedTest
    @EnumSource
    void goOnUnpackedWithTheirOwnLength(Packing packing) throws Exception {
        String plain = BODY.replace("gpt-4o", "gpt-4o-mini");
        byte[] packed = packing.pack(BODY.getBytes(StandardCharsets.UTF_8));
        try (RawClient client = RawClient.connect(gateway.port())) {
            for (int cut = 1; cut < packed.length; cut += 7) {
                client.send(head("/v1/responses", packing.coding(), packed.length));
                client.send(packed, cut);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK");
            }
            ScriptedOrigin.Connection upstream = origin.next();
            for (int cut = 1; cut < packed.length; cut += 7) {
                assertThat(upstream.nextRequest())
                        .containsIgnoringCase("\r\ncontent-length: " + plain.length() + "\r\n")
                        .doesNotContainIgnoringCase("content-encoding")
                        .endsWith("\r\n\r\n" + plain);
            }
        }
    }

    /** The client computed it of bytes that the provider never sees (RFC 9530). */
    @Test
    void goOnWithoutChecksumsOfWhatWasPackedOrRewritten() throws Exception {
        byte[] plain = BODY.getBytes(StandardCharsets.UTF_8);
        byte[] packed = Packing.GZIP.pack(plain);
        String sums = "Content-Digest: sha-256=:AA==:\r\nRepr-Digest: sha-256=:AA==:\r\nDigest: md5=AA==\r\n"
                + "Content-MD5: AA==\r\n";
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("/v1/responses", "gzip", packed.length).replace("Host: g", sums + "Host: g"));
            client.send(packed);
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK");
            // The route renames the model.
            client.send(head("/v1/responses", "", plain.length)
                    .replace("Content-Encoding: \r\n", "")
                    .replace("Host: g", sums + "Host: g"));
            client.send(plain);
            assertThat(client.readMessage()).startsWith("HTTP/1.1 200 OK");
        }
        ScriptedOrigin.Connection upstream = origin.next();
        assertThat(upstream.nextRequest()).doesNotContainIgnoringCase("digest", "md5");
        assertThat(upstream.nextRequest()).doesNotContainIgnoringCase("digest", "md5");
    }

    @ParameterizedTest
    @EnumSource
    void cannotHideAModelFromAKeysRestriction(Packing packing) throws Exception {
        byte[] packed = packing.pack("{\"model\":\"o3\",\"input\":1}".getBytes(StandardCharsets.UTF_8));
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("/v1/responses", packing.coding(), packed.length));
            client.send(packed);
            assertThat(client.readMessage()).startsWith("HTTP/1.1 40").contains("o3");
        }
        assertThat(origin.connections()).isEmpty();
    }

    @Test
    void areRefusedWithTheCodingsThatAreUnderstood() throws Exception {
        assertThat(refusal("br", new byte[] {1, 2, 3}))
                .startsWith("HTTP/1.1 415 ")
                .containsIgnoringCase("\r\naccept-encoding: gzip, deflate, zstd\r\n");
        assertThat(refusal("gzip, gzip", Packing.GZIP.pack(Packing.GZIP.pack(BODY.getBytes(StandardCharsets.UTF_8)))))
                .startsWith("HTTP/1.1 415 ");
        assertThat(origin.connections()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void areRefusedWhenTheyAreCutOrNotWhatTheySay(Packing packing) throws Exception {
        byte[] packed = packing.pack(BODY.getBytes(StandardCharsets.UTF_8));
        assertThat(refusal(packing.coding(), Arrays.copyOf(packed, packed.length - 1)))
                .startsWith("HTTP/1.1 400 ");
        assertThat(refusal(packing.coding(), Arrays.copyOf(packed, packed.length + 5)))
                .startsWith("HTTP/1.1 400 ");
        assertThat(refusal(packing.coding(), "{\"model\":\"gpt-4o\"}".getBytes(StandardCharsets.UTF_8)))
                .startsWith("HTTP/1.1 400 ");
        assertThat(origin.connections()).isEmpty();
    }

    /** A body of 64 MB, and one within the limit that is nothing but repetition. */
    @ParameterizedTest
    @EnumSource
    void areRefusedWhenAFewBytesBecomeFarMore(Packing packing) throws Exception {
        for (int size : new int[] {64 << 20, BODY_LIMIT - 100}) {
            byte[] bomb = packing.pack(
                    ("{\"model\":\"gpt-4o\",\"x\":\"" + "a".repeat(size)).getBytes(StandardCharsets.UTF_8));
            assertThat(refusal(packing.coding(), bomb)).startsWith("HTTP/1.1 413 ");
        }
        assertThat(origin.connections()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {24, 27})
    void areRefusedWhenTheirWindowWouldTakeTooMuchMemory(int log) throws Exception {
        byte[] frame = Zstd.compress(BODY.getBytes(StandardCharsets.UTF_8));
        byte[] wide = Arrays.copyOf(new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) (log - 10 << 3)}, 40);
        System.arraycopy(frame, 6, wide, 6, 34);

        assertThat(refusal("zstd", wide)).startsWith("HTTP/1.1 400 ").contains("window of");
    }

    @ParameterizedTest
    @EnumSource
    void giveTheirMemoryBackWhenTheClientLeaves(Packing packing) throws Exception {
        byte[] packed = packing.pack(BODY.getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 3; i++) {
            try (RawClient client = RawClient.connect(gateway.port())) {
                client.send(head("/v1/chat/completions", packing.coding(), packed.length));
                client.send(Arrays.copyOf(packed, packed.length / 2));
            }
            gateway.nextEnd();
        }
        assertThat(gateway.gateway().counts().memory().bodies().held()).isZero();
    }

    private static String head(String path, String coding, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nContent-Type: application/json\r\nContent-Encoding: " + coding + "\r\nContent-Length: " + length
                + "\r\n\r\n";
    }

    private String refusal(String coding, byte[] body) throws IOException {
        try (RawClient client = RawClient.connect(gateway.port())) {
            client.send(head("/v1/chat/completions", coding, body.length));
            client.send(body);
            return client.readToEnd();
        }
    }
}
