package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.SecondLook;
import io.costoptimal.gateway.objects.RememberedOwners;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A gateway before two providers, of which the first makes objects; and keys that want each other's. */
abstract class OwnersRig {

    static final String ALICE = "alices-key";
    static final String BOB = "bobs-key";
    static final String ADMIN = "admins-key";
    static final String KEPT = "{\"id\":\"file-1\",\"object\":\"file\"}";
    static final String OTHER = "{\"from\":\"other\"}";

    final ObjectOwners owners = new RememberedOwners(10);
    /** {@code null} for none. */
    SecondLook second;

    ScriptedOrigin keeper;
    ScriptedOrigin other;
    Gateway gateway;

    @BeforeEach
    void start() throws IOException {
        keeper = ScriptedOrigin.start(ScriptedOrigin.answering(answer(KEPT)));
        other = ScriptedOrigin.start(ScriptedOrigin.answering(answer(OTHER)));
        start(List.of());
    }

    void start(List<PathRoute> routes) throws IOException {
        Provider keeps = TestGateway.provider(keeper.port());
        Provider another = TestGateway.provider(other.port());
        RouteTable table = new RouteTable(
                Map.of(),
                List.of(
                        new ModelRoutes(
                                "m",
                                List.of(new Candidate(another, null), new Candidate(keeps, null)),
                                List.of(),
                                null),
                        new ModelRoutes("elsewhere", List.of(new Candidate(another, null)), List.of(), null)),
                keeps,
                RetryOn.ALL,
                new RouteTable.Unnamed(routes, Map.of(keeps.id(), keeps, another.id(), another)));
        KeyRing keys = KeyRing.of(List.of(
                KeyEntry.of(ALICE, new Principal("alice", Principal.Role.CLIENT)),
                KeyEntry.of(BOB, new Principal("bob", Principal.Role.CLIENT)),
                KeyEntry.of(ADMIN, new Principal("root", Principal.Role.ADMIN))));
        if (gateway != null) {
            gateway.close();
        }
        gateway = Gateway.start(
                List.of(Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                GatewaySettings.defaults().withEventLoops(1),
                new Snapshot(keys, second == null ? new Router(table) : new Router(table).with(second)),
                new Services(GatewayListener.NONE, exchange -> new LocalAnswer(200, "text/plain", new byte[0]))
                        .withOwners(inForce()));
    }

    /** What the gateway asks; {@link #owners} is what it has learned. */
    ObjectOwners inForce() {
        return owners;
    }

    @AfterEach
    void stop() {
        gateway.close();
        keeper.close();
        other.close();
    }

    static String answer(String body) {
        return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                + body;
    }

    String ask(String key, String method, String path, String body) throws IOException {
        try (RawClient client = RawClient.connect(gateway.address().getPort())) {
            client.send(method + ' ' + path + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + key + "\r\n"
                    + (body == null
                            ? "\r\n"
                            : "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
                                    + body));
            return client.readMessage();
        }
    }

    void aliceMadeAFile() throws IOException {
        assertThat(ask(ALICE, "POST", "/v1/batches", "{}")).endsWith(KEPT);
    }

    /** How many requests the first provider has seen. */
    int asked() {
        return keeper.connections().stream()
                .mapToInt(each -> each.received().split("HTTP/1.1\r\n", -1).length - 1)
                .sum();
    }
}
