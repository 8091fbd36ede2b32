package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.accept.Shutdown;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A body that will never be whole gives its memory back, whatever takes its connection away. */
class HalfABodyTest {

    private static final String HALF = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer sk-a\r\n"
            + "Content-Length: 999\r\n\r\n{\"model\":\"gpt";

    static Stream<Arguments> ends() {
        return Stream.of(
                end("the client leaves", EmbeddedChannel::close, Outcome.CLIENT_CANCELLED),
                end(
                        "the handler is removed",
                        channel -> channel.pipeline().remove("connection"),
                        Outcome.CLIENT_CANCELLED),
                end(
                        "the gateway is stopped",
                        channel -> channel.pipeline().fireUserEventTriggered(Shutdown.ABORT),
                        Outcome.TRUNCATED));
    }

    private static Arguments end(String name, Consumer<EmbeddedChannel> event, Outcome outcome) {
        return Arguments.of(name, event, outcome);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("ends")
    void givesItsMemoryBack(String name, Consumer<EmbeddedChannel> event, Outcome outcome) {
        List<Outcome> ended = new ArrayList<>();
        Services services = new Services(exchange -> ended.add(exchange.outcome()), exchange -> {
            throw new AssertionError("not asked for");
        });
        try (Gateway gateway = Gateway.embed(GatewaySettings.defaults(), snapshot(), services)) {
            EmbeddedChannel client = new EmbeddedChannel(gateway.initializer());
            client.writeInbound(Unpooled.copiedBuffer(HALF, StandardCharsets.US_ASCII));
            assertThat(gateway.counts().memory().bodies().held()).isPositive();

            event.accept(client);

            assertThat(gateway.counts().memory().bodies().held()).isZero();
            assertThat(ended).containsExactly(outcome);
            client.finishAndReleaseAll();
        }
    }

    private static Snapshot snapshot() {
        Principal owner = new Principal("a", Principal.Role.CLIENT);
        RouteTable nothing = new RouteTable(Map.of(), List.of(), null, RetryOn.ALL);
        return new Snapshot(KeyRing.of(List.of(KeyEntry.of("sk-a", owner))), new Router(nothing));
    }
}
