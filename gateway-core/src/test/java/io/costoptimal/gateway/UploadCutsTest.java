package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.objects.RememberedOwners;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Uploads whose clients leave, wherever that is: nothing stays behind, and all that came is told. */
class UploadCutsTest {

    private static final String FORM = "--b\r\nContent-Disposition: form-data; name=\"model\"\r\n\r\nm\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"file_id\"\r\n\r\nown\r\n"
            + "--b\r\nContent-Disposition: form-data; name=\"image\"; filename=\"f\"\r\n\r\n" + "0123456789".repeat(8)
            + "\r\n--b--\r\n";

    private final RememberedOwners owners = new RememberedOwners(10);
    private final BlockingQueue<End> ends = new LinkedBlockingQueue<>();
    private ScriptedOrigin provider;
    private Gateway gateway;

    private record End(Outcome outcome, long requestBytes) {
        static End of(ExchangeReport exchange) {
            return new End(exchange.outcome(), exchange.requestBytes());
        }
    }

    @BeforeEach
    void start() throws Exception {
        provider = ScriptedOrigin.start(connection -> connection.readToEnd());
        Provider keeps = TestGateway.provider(provider.port());
        Provider anthropic = TestGateway.provider(
                ProviderKinds.ANTHROPIC, "http://127.0.0.1:" + provider.port(), Duration.ofSeconds(10));
        RouteTable table = new RouteTable(
                Map.of(),
                List.of(new ModelRoutes("m", List.of(new Candidate(keeps, null)), List.of(), null)),
                keeps,
                RetryOn.ALL,
                new RouteTable.Unnamed(List.of(files(anthropic), files(keeps)), Map.of(keeps.id(), keeps)));
        gateway = Gateway.start(
                List.of(Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                GatewaySettings.defaults().withEventLoops(1),
                TestGateway.snapshot(table),
                new Services(
                                exchange -> ends.add(End.of(exchange)),
                                exchange -> new LocalAnswer(200, "text/plain", new byte[0]))
                        .withOwners(owners));
        owners.made("own", new Owner("test", keeps.id()));
    }

    @AfterEach
    void stop() {
        gateway.close();
        provider.close();
    }

    private static PathRoute files(Provider provider) {
        return new PathRoute(List.of(new PathPattern("/v1/files")), Set.of(), provider, Set.of(), false);
    }

    private static String head(String path, int length) {
        return "POST " + path + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + TestGateway.KEY
                + "\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: " + length + "\r\n";
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/files", "/v1/containers/own/files", "/v1/images/edits", "/v1/uploads/own/parts"})
    void anUploadThatIsCutLeavesNothingBehindWhereverItIsCut(String path) throws Exception {
        for (int cut = 0; cut < FORM.length(); cut += 5) {
            try (RawClient client = RawClient.connect(gateway.address().getPort())) {
                client.send(head(path, FORM.length()) + "\r\n" + FORM.substring(0, cut));
            }
            assertThat(ends.poll(20, TimeUnit.SECONDS))
                    .as("cut at " + cut)
                    .isEqualTo(new End(Outcome.CLIENT_CANCELLED, cut));
        }
        assertThat(gateway.counts().memory().bodies().held()).isZero();
        assertThat(owners.of("file-1")).isEmpty();
    }

    @Test
    void anUploadThatReachesNobodyIsAnsweredInTheFormatOfItsClient() throws Exception {
        provider.close();
        for (String path : List.of("/v1/files", "/v1/images/edits", "/v1/containers/own/files")) {
            try (RawClient client = RawClient.connect(gateway.address().getPort())) {
                client.send(head(path, FORM.length()) + "\r\n" + FORM);
                assertThat(client.readMessage())
                        .startsWith("HTTP/1.1 502 ")
                        .contains("\r\n\r\n{\"error\":{\"message\":");
            }
            assertThat(ends.take().requestBytes()).isEqualTo(FORM.length());
        }
        try (RawClient client = RawClient.connect(gateway.address().getPort())) {
            client.send(head("/v1/files", FORM.length()) + "Anthropic-Version: 2023-06-01\r\n\r\n" + FORM);
            assertThat(client.readMessage())
                    .startsWith("HTTP/1.1 502 ")
                    .contains("\r\n\r\n{\"type\":\"error\",\"error\":{\"type\":");
        }
    }
}
