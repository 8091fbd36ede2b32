package io.costoptimal.gateway;

import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.bench.Chats;
import io.costoptimal.gateway.bench.ClientHead;
import io.costoptimal.gateway.bench.Providers;
import io.costoptimal.gateway.bench.Text;
import io.costoptimal.gateway.bench.Wire;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.Rule;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole exchange on a kept connection, from the client's bytes to the client's answer, through the pipeline as the
 * gateway makes it; only the sockets are missing. One rule looks at the path and one at the token count.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class ExchangeBenchmark {

    private static final int EVENTS = 50;

    @Param({"1024", "8192", "102400"})
    private int bytes;

    private Gateway gateway;
    private Wire client;
    private Wire provider;
    private byte[] request;
    private byte[] answer;
    private List<byte[]> events;
    private long completed;
    private long expected;

    @Setup
    public void setUp() {
        Services services = new Services(this::ended, exchange -> {
            throw new IllegalStateException("not asked for");
        });
        gateway = Gateway.embed(GatewaySettings.defaults(), snapshot(), services, (loop, origin, last, listener) -> {
            provider = new Wire(last);
            listener.connected(provider);
        });
        client = new Wire(gateway.initializer());
        byte[] body = Chats.request(Text.PROSE, bytes, false);
        request = join(ClientHead.bytes(body.length), body);
        byte[] document = Chats.answer(bytes);
        answer = join(head("application/json", "content-length: " + document.length), document);
        events = events();
    }

    private static Snapshot snapshot() {
        Principal owner = new Principal("team", Principal.Role.CLIENT);
        List<Candidate> candidates = List.of(Providers.candidate());
        List<RoutedRule> rules = List.of(
                new RoutedRule(Rule.compile("Path == '/v1/embeddings'"), candidates),
                new RoutedRule(Rule.compile("TokenCount > 200000"), candidates));
        RouteTable table = new RouteTable(
                Map.of(), List.of(new ModelRoutes("gpt-4o", candidates, rules, null)), null, RetryOn.ALL);
        return new Snapshot(KeyRing.of(List.of(KeyEntry.of(ClientHead.KEY, owner))), new Router(table));
    }

    private static List<byte[]> events() {
        List<byte[]> events = new ArrayList<>();
        events.add(bytes(head("text/event-stream", "transfer-encoding: chunked")));
        for (int i = 0; i < EVENTS; i++) {
            events.add(chunk(Chats.event("and a few more words, token by token")));
        }
        events.add(chunk(Chats.usageEvent()));
        events.add(join(new String(chunk(Chats.done()), StandardCharsets.US_ASCII), bytes("0\r\n\r\n")));
        return events;
    }

    private static String head(String type, String framing) {
        return "HTTP/1.1 200 OK\r\ndate: Sun, 22 Nov 2026 12:00:00 GMT\r\ncontent-type: " + type + "\r\n" + framing
                + "\r\nconnection: keep-alive\r\nopenai-processing-ms: 512\r\nopenai-version: 2020-10-01\r\n"
                + "x-request-id: req_0c1fe2a0a3c34a6f8a4b8c1f5a0b7d52\r\n\r\n";
    }

    private static byte[] chunk(byte[] data) {
        return join(
                Integer.toHexString(data.length) + "\r\n",
                join(new String(data, StandardCharsets.UTF_8), bytes("\r\n")));
    }

    private static byte[] join(String before, byte[] after) {
        byte[] all = Arrays.copyOf(bytes(before), before.length() + after.length);
        System.arraycopy(after, 0, all, before.length(), after.length);
        return all;
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    private void ended(ExchangeReport exchange) {
        if (exchange.outcome() == Outcome.COMPLETED) {
            completed++;
        }
    }

    @TearDown
    public void tearDown() {
        client.close();
        provider.close();
        gateway.close();
    }

    /** An answer with a length, of as many bytes as the request. */
    @Benchmark
    public long answer() {
        client.receive(request);
        provider.receive(answer);
        return oneMore();
    }

    /** An answer of 52 events, one read each. */
    @Benchmark
    public long stream() {
        client.receive(request);
        for (byte[] event : events) {
            provider.receive(event);
        }
        return oneMore();
    }

    private long oneMore() {
        if (completed != ++expected) {
            throw new IllegalStateException("exchanges: " + completed + " (expected: " + expected + ")");
        }
        return client.sent();
    }
}
