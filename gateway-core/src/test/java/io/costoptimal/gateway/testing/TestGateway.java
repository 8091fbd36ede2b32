package io.costoptimal.gateway.testing;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Services;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderKind;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.costoptimal.gateway.upstream.Transport;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A whole gateway on a free loopback port, with one key, and the ends of its exchanges to wait for. Any thread. */
public final class TestGateway implements AutoCloseable {

    /** The gateway key that is accepted. */
    public static final String KEY = "sk-gateway-canary";

    /** What providers are given instead. */
    public static final String PROVIDER_TOKEN = "sk-provider-canary";

    private final Gateway gateway;
    private final BlockingQueue<End> ends;

    private static final LocalAnswer LOCAL =
            new LocalAnswer(200, "text/plain", "ok".getBytes(StandardCharsets.US_ASCII));

    /** {@code -Dgateway.test.transport=nio} has every test of the whole engine run on another transport than usual. */
    private static final String TRANSPORT = System.getProperty("gateway.test.transport");

    /** What was reported of one exchange. */
    public record End(Outcome outcome, int status, int attempts, String failure) {}

    private TestGateway(Gateway gateway, BlockingQueue<End> ends) {
        this.gateway = gateway;
        this.ends = ends;
    }

    /**
     * Starts a gateway that sends {@code model} to the first of {@code ports} and fails over to the others.
     *
     * @param sent what the model is called there; {@code null} to leave it alone
     */
    public static TestGateway routing(String model, String sent, int... ports) throws IOException {
        return start(GatewaySettings.defaults().withEventLoops(1), routes(model, sent, ports));
    }

    /** Starts a gateway with settings and routes of the test's own. */
    public static TestGateway start(GatewaySettings settings, RouteTable routes) throws IOException {
        return start(settings, snapshot(routes), exchange -> LOCAL, exchange -> {});
    }

    /** Starts a gateway with everything an embedder may bring along; {@code listener} hears of ends after this object. */
    public static TestGateway start(
            GatewaySettings settings, Snapshot snapshot, LocalService local, GatewayListener listener)
            throws IOException {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        return start(List.of(Listener.at(any)), settings, snapshot, local, listener);
    }

    /** The same at other places. */
    public static TestGateway start(
            List<Listener> listeners,
            GatewaySettings settings,
            Snapshot snapshot,
            LocalService local,
            GatewayListener listener)
            throws IOException {
        BlockingQueue<End> ends = new LinkedBlockingQueue<>();
        GatewayListener both = new GatewayListener() {
            @Override
            public void exchangeEnded(ExchangeReport exchange) {
                UpstreamFailure failure = exchange.failure();
                ends.add(new End(
                        exchange.outcome(),
                        exchange.status(),
                        exchange.attempts(),
                        failure == null ? null : failure.toString()));
                listener.exchangeEnded(exchange);
            }

            @Override
            public boolean wantsUsageCounted() {
                return listener.wantsUsageCounted();
            }
        };
        Services services = new Services(both, local);
        GatewaySettings on = TRANSPORT == null ? settings : settings.withTransport(Transport.named(TRANSPORT));
        return new TestGateway(Gateway.start(listeners, on, snapshot, services), ends);
    }

    /** Keys and routes as this gateway has them. */
    public static Snapshot snapshot(RouteTable routes) {
        Principal owner = new Principal("test", Principal.Role.CLIENT);
        return new Snapshot(KeyRing.of(List.of(KeyEntry.of(KEY, owner))), new Router(routes));
    }

    /** One model, the same name or another for every provider. */
    public static RouteTable routes(String model, String sent, int... ports) {
        return routes(
                model,
                Arrays.stream(ports)
                        .mapToObj(port -> new Candidate(provider(port), sent))
                        .toArray(Candidate[]::new));
    }

    /** One model, and who serves it, the first one first. */
    public static RouteTable routes(String model, Candidate... candidates) {
        return new RouteTable(
                Map.of(), List.of(new ModelRoutes(model, List.of(candidates), List.of(), null)), null, RetryOn.ALL);
    }

    /** An OpenAI-like provider on a loopback port. */
    public static Provider provider(int port) {
        return provider(ProviderKinds.OPENAI, "http://127.0.0.1:" + port + "/v1", Duration.ofSeconds(10));
    }

    /** A provider anywhere, identified by its base. */
    public static Provider provider(ProviderKind kind, String base, Duration firstByte) {
        String version = kind == ProviderKinds.AZURE ? "2024-10-21" : null;
        return new Provider(
                base, kind, URI.create(base), new Provider.Access(PROVIDER_TOKEN, version, Map.of()), firstByte);
    }

    /** A whole request for the model {@code gpt-4o} with the accepted key. */
    public static String chat(String body) {
        return "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + KEY
                + "\r\nContent-Type: application/json\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body;
    }

    public Gateway gateway() {
        return gateway;
    }

    public int port() {
        return gateway.address().getPort();
    }

    /** Waits for the next exchange to end and tells how. */
    public End nextEnd() throws InterruptedException {
        End end = ends.poll(20, TimeUnit.SECONDS);
        if (end == null) {
            throw new AssertionError("no exchange ended");
        }
        return end;
    }

    /** How many ends nobody has asked for: an exchange that ends twice leaves one too many. */
    public int unclaimedEnds() {
        return ends.size();
    }

    @Override
    public void close() {
        gateway.close();
    }
}
