package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.cost.CostChooser;
import io.costoptimal.gateway.cost.Demand;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.Ranking;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Four ways to use the engine without the application around it. Each test is the example to copy. */
class EmbeddingTest {

    private static final String REQUEST =
            "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer sk-team-a\r\n"
                    + "Content-Length: 18\r\n\r\n{\"model\":\"gpt-4o\"}";
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

    @Test
    void asAServerOfItsOwn() throws Exception {
        try (ScriptedOrigin provider = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER))) {
            BlockingQueue<Outcome> reported = new LinkedBlockingQueue<>();
            Services services = new Services(exchange -> reported.add(exchange.outcome()), exchange -> ok());
            InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
            try (Gateway gateway =
                            Gateway.start(address, GatewaySettings.defaults(), snapshot(provider.port()), services);
                    RawClient client = RawClient.connect(gateway.address().getPort())) {
                client.send(REQUEST);
                assertThat(client.readMessage()).isEqualTo(ANSWER);
                assertThat(reported.poll(10, TimeUnit.SECONDS)).isEqualTo(Outcome.COMPLETED);
                assertThat(gateway.eventLoops())
                        .hasSize(GatewaySettings.defaults().eventLoops());
            }
            assertThat(reported).isEmpty();
        }
    }

    @Test
    void inSomebodyElsesBootstrapAndEventLoops() throws Exception {
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
        try (ScriptedOrigin provider = ScriptedOrigin.start(ScriptedOrigin.answering(ANSWER));
                Gateway gateway = Gateway.embed(
                        GatewaySettings.defaults(),
                        snapshot(provider.port()),
                        new Services(GatewayListener.NONE, exchange -> ok()))) {
            assertThat(gateway.eventLoops()).isEmpty();
            Channel server = new ServerBootstrap()
                    .group(loops)
                    .channel(NioServerSocketChannel.class)
                    .childHandler(gateway.initializer())
                    .bind(InetAddress.getLoopbackAddress(), 0)
                    .sync()
                    .channel();
            try (RawClient client = RawClient.connect(((InetSocketAddress) server.localAddress()).getPort())) {
                client.send(REQUEST.repeat(2));
                assertThat(client.readMessage()).isEqualTo(ANSWER);
                assertThat(client.readMessage()).isEqualTo(ANSWER);
            }
            server.close().sync();
        } finally {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        }
    }

    @Test
    void theRouterAloneWithoutANetwork() {
        Router router = router(9);
        RoutingFacts facts = new RoutingFacts(
                "fast", "/v1/chat/completions", false, -1, new RoutingFacts.Caller("team-a", name -> null));

        Decision small = router.decide(facts, TokenSource.bounds(0, 1_000));
        assertThat(small.model()).isEqualTo("gpt-4o");
        assertThat(small.matched()).isEqualTo("providers");
        assertThat(small.candidates()).extracting(c -> c.provider().id()).containsExactly("provider");

        Decision large = router.decide(facts, TokenSource.bounds(20_000, 30_000));
        assertThat(large.matched()).isEqualTo("rule 1: TokenCount > 12000");
        assertThat(large.candidates()).extracting(Candidate::model).containsExactly("gpt-4o-long");

        assertThat(router.decide(facts, TokenSource.bounds(0, 30_000)))
                .as("undecided by these bounds: ask again with a source that counts")
                .isNull();
    }

    @Test
    void thePricesAloneWithoutARouter() {
        ModelPrice here = price("openai/gpt-4o", 2_500_000_000L, 10_000_000_000L);
        ModelPrice there = price("openai/gpt-4o", 2_200_000_000L, 8_800_000_000L);
        CostChooser chooser = new CostChooser(List.of(here, there));
        Ranking ranking = new Ranking();

        assertThat(chooser.choose(Demand.of(1000), TokenSource.bounds(0, 8192), ranking))
                .as("decided by the bounds")
                .isTrue();
        assertThat(ranking.candidate(0)).isEqualTo(1);
        assertThat(ranking.certainty()).isEqualTo(Choice.Certainty.PROVEN);
        assertThat(ranking.high()).isEqualTo(8192 * 2200 + 1000 * 8800);
        assertThat(there.cost(Usage.of(2000, 300), true)).isEqualTo(2000 * 2200 + 300 * 8800);
    }

    private static ModelPrice price(String model, long input, long output) {
        return ModelPrice.builder()
                .model(model)
                .tokenizer("o200k_base")
                .price(TokenClass.INPUT, input)
                .price(TokenClass.OUTPUT, output)
                .build();
    }

    private static Snapshot snapshot(int port) {
        Principal teamA = new Principal("team-a", Principal.Role.CLIENT);
        return new Snapshot(KeyRing.of(List.of(KeyEntry.of("sk-team-a", teamA))), router(port));
    }

    private static Router router(int port) {
        Provider provider = new Provider(
                "provider",
                ProviderKinds.OPENAI,
                URI.create("http://127.0.0.1:" + port + "/v1"),
                new Provider.Access("sk-provider", null, Map.of()),
                Duration.ofSeconds(60));
        ModelRoutes gpt4o = new ModelRoutes(
                "gpt-4o",
                List.of(new Candidate(provider, null)),
                List.of(new RoutedRule(
                        Rule.compile("TokenCount > 12000"), List.of(new Candidate(provider, "gpt-4o-long")))),
                null);
        return new Router(new RouteTable(Map.of("fast", "gpt-4o"), List.of(gpt4o), null, RetryOn.ALL));
    }

    private static LocalAnswer ok() {
        return new LocalAnswer(200, "text/plain", "ok".getBytes(StandardCharsets.US_ASCII));
    }
}
