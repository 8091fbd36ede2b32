package io.costoptimal.gateway.examples;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Services;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFields;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.SecondLook;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.upstream.ProviderKinds;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * So many requests a minute for each key; one more is answered 429 and told when to come again. It looks at a request once the
 * gateway has decided where it goes, so requests that nobody serves cost nothing. Any thread.
 *
 * <p>A limit that several gateways share is asked for elsewhere: {@link #look} then returns a future, and the request waits.
 */
public final class RateLimiter implements SecondLook {

    private final long intervalNanos;
    private final long burstNanos;
    private final LongSupplier nanoTime;
    /** When a key's next request would be due if it came at an even pace, in nanoseconds. Keys are the operator's, so few. */
    private final Map<String, Long> due = new ConcurrentHashMap<>();

    /**
     * @param perMinute requests of one key, on average; at least 1
     * @param burst requests that may come at once; at least 1
     * @param nanoTime such as {@link System#nanoTime}
     * @throws IllegalArgumentException when nobody would get through
     */
    public RateLimiter(int perMinute, int burst, LongSupplier nanoTime) {
        if (perMinute < 1 || burst < 1) {
            throw new IllegalArgumentException(
                    "per minute " + perMinute + ", burst " + burst + " (expected: at least 1 of each)");
        }
        this.intervalNanos = Duration.ofMinutes(1).toNanos() / perMinute;
        this.burstNanos = intervalNanos * burst;
        this.nanoTime = nanoTime;
    }

    @Override
    public CompletableFuture<Decision> look(Decision decided, ExchangeReport exchange, RequestFields fields) {
        long waitNanos = take(exchange.principal().name());
        if (waitNanos == 0) {
            return null;
        }
        Rejection later = Rejection.tooMany("Too many requests for this key.", Duration.ofNanos(waitNanos));
        return CompletableFuture.completedFuture(decided.refused("rate limiter", later));
    }

    /** Takes room for one request of {@code key}, and returns 0; or how long until there is room, and takes none. */
    private long take(String key) {
        long now = nanoTime.getAsLong();
        long[] wait = {0};
        due.merge(key, now + intervalNanos, (before, first) -> {
            long next = Math.max(before, now) + intervalNanos;
            wait[0] = Math.max(0, next - now - burstNanos);
            return wait[0] == 0 ? next : before;
        });
        return wait[0];
    }

    /** A gateway at {@code address} that passes requests for gpt-4o on to {@code base}, with this limiter. */
    Gateway start(InetSocketAddress address, URI base, String providerKey, String clientKey) throws Exception {
        Provider provider = new Provider(
                "openai",
                ProviderKinds.OPENAI,
                base,
                new Provider.Access(providerKey, null, Map.of()),
                Duration.ofMinutes(5));
        ModelRoutes model = new ModelRoutes("gpt-4o", List.of(new Candidate(provider, null)), List.of(), null);
        Router router = new Router(new RouteTable(Map.of(), List.of(model), null, RetryOn.ALL));
        KeyRing keys = KeyRing.of(List.of(KeyEntry.of(clientKey, new Principal("team-a", Principal.Role.CLIENT))));
        byte[] ok = "ok\n".getBytes(StandardCharsets.US_ASCII);
        Services services = new Services(GatewayListener.NONE, exchange -> new LocalAnswer(200, "text/plain", ok));
        return Gateway.start(address, GatewaySettings.defaults(), new Snapshot(keys, router.with(this)), services);
    }

    /** Runs it at port 8080; {@code OPENAI_API_KEY} is the provider's key, {@code CLIENT_KEY} what clients show. */
    public static void main(String[] args) throws Exception {
        try (Gateway gateway = new RateLimiter(60, 10, System::nanoTime)
                .start(
                        new InetSocketAddress("127.0.0.1", 8080),
                        URI.create("https://api.openai.com/v1"),
                        System.getenv("OPENAI_API_KEY"),
                        System.getenv("CLIENT_KEY"))) {
            System.out.println("listening at " + gateway.address());
            Thread.currentThread().join();
        }
    }
}
