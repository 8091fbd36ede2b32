package io.costoptimal.gateway.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Services;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.examples.WeightedRouter.Weighted;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Principal;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class WeightedRouterTest {

    private final AtomicReference<Double> drawn = new AtomicReference<>(0.0);

    @Test
    void sendsEachRequestToWhoWasDrawnAndOnToTheOthersWhenThatFails() throws Exception {
        HttpServer large = Clients.provider("large");
        HttpServer small = Clients.provider("small");
        Candidate most = new Candidate(Clients.known("large", large), null);
        Candidate few = new Candidate(Clients.known("small", small), null);
        WeightedRouter router = new WeightedRouter(drawn::get);
        router.set(Map.of("gpt-4o", List.of(new Weighted(few, 1), new Weighted(most, 3))));
        KeyRing keys = KeyRing.of(List.of(KeyEntry.of("sk-client", new Principal("team", Principal.Role.CLIENT))));
        Services services =
                new Services(GatewayListener.NONE, exchange -> new LocalAnswer(200, "text/plain", new byte[0]));
        try (Gateway gateway =
                Gateway.start(Clients.ANY, GatewaySettings.defaults(), new Snapshot(keys, router), services)) {
            int port = gateway.address().getPort();
            assertThat(Clients.chat(port, "sk-client").body()).isEqualTo("large");
            drawn.set(0.74);
            assertThat(Clients.chat(port, "sk-client").body()).isEqualTo("large");
            drawn.set(0.76);
            assertThat(Clients.chat(port, "sk-client").body()).isEqualTo("small");

            small.stop(0);
            assertThat(Clients.chat(port, "sk-client").body())
                    .as("the one that was drawn is gone")
                    .isEqualTo("large");

            router.set(Map.of("gpt-4o", List.of(new Weighted(most, 0))));
            HttpResponse<String> closed = Clients.chat(port, "sk-client");
            assertThat(closed.statusCode()).isEqualTo(403);
            assertThat(closed.body()).contains("The model is closed at present.");
            router.set(Map.of());
            assertThat(Clients.chat(port, "sk-client").statusCode()).isEqualTo(404);
        } finally {
            large.stop(0);
            small.stop(0);
        }
    }
}
