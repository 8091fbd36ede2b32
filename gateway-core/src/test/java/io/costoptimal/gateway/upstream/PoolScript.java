package io.costoptimal.gateway.upstream;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.TimeUnit;

/**
 * A pool with two connections per origin, two of them idle, on virtual time; its connector finishes when told to. Leases
 * and connections are numbered from 1 in the order they are asked for and made.
 */
final class PoolScript implements AutoCloseable {

    static final Timeouts.Pool TIMEOUTS =
            new Timeouts.Pool(Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofSeconds(100));

    private final EmbeddedChannel clock = new EmbeddedChannel();

    {
        // No time passes but what a row lets pass, however slow the machine.
        clock.freezeTime();
    }

    private final Deque<Attempt> attempts = new ArrayDeque<>();
    private final List<Upstreams.Pending> pending = new ArrayList<>();

    final List<EmbeddedChannel> connections = new ArrayList<>();
    final List<ScriptLessee> leases = new ArrayList<>();
    final UpstreamPool pool = new UpstreamPool(
            clock.eventLoop(),
            (loop, origin, last, listener) -> attempts.add(new Attempt(last, listener)),
            new Limits.Upstream(2, 2, 1024, 1024),
            TIMEOUTS);

    private record Attempt(ChannelHandler last, Connector.Listener listener) {}

    /** Runs words such as {@code lease connect release:1}. */
    PoolScript run(String script) {
        for (String word : script.trim().split("\\s+")) {
            int colon = word.indexOf(':');
            int n = colon < 0 ? 0 : Integer.parseInt(word.substring(colon + 1));
            step(colon < 0 ? word : word.substring(0, colon), n);
        }
        return this;
    }

    private void step(String word, int n) {
        switch (word) {
            case "lease" -> lease(provider("http://h"), false);
            case "fresh" -> lease(provider("http://h"), true);
            case "connect" -> connect();
            case "fail" -> attempts.remove().listener().failed(failure());
            case "release" -> leases.get(n - 1).connection.release(true);
            case "discard" -> leases.get(n - 1).connection.release(false);
            case "pause" -> leases.get(n - 1).connection.reading(false);
            case "write" -> leases.get(n - 1).connection.write(Unpooled.buffer().writeByte(1));
            case "cancel" -> pending.get(n - 1).cancel();
            case "bytes" ->
                connections.get(n - 1).writeInbound(Unpooled.buffer().writeByte('?'));
            case "fin" -> connections.get(n - 1).pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
            case "reset" -> connections.get(n - 1).close();
            case "turn" -> clock.runPendingTasks();
            case "jump" -> clock.advanceTimeBy(n, TimeUnit.SECONDS); // time passes before any timer is looked at
            case "wait" -> pass(n);
            case "close" -> pool.close();
            default -> throw new IllegalArgumentException(word);
        }
    }

    private void pass(int seconds) {
        clock.advanceTimeBy(seconds, TimeUnit.SECONDS);
        clock.runPendingTasks();
    }

    void lease(Provider provider, boolean fresh) {
        ScriptLessee lessee = new ScriptLessee();
        leases.add(lessee);
        pending.add(pool.lease(provider, fresh, lessee));
    }

    private void connect() {
        Attempt attempt = attempts.remove();
        EmbeddedChannel channel = new EmbeddedChannel(attempt.last());
        connections.add(channel);
        attempt.listener().connected(channel);
    }

    /** What each lease was answered: the number of its connection, starred if it had idled; {@code !} and a phase; or {@code -}. */
    String answers() {
        StringJoiner all = new StringJoiner(" ");
        leases.forEach(lease -> all.add(lease.answer()));
        return all.toString();
    }

    /** The connections that are still open. */
    String open() {
        StringJoiner all = new StringJoiner(" ");
        for (int i = 0; i < connections.size(); i++) {
            if (connections.get(i).isActive()) {
                all.add(Integer.toString(i + 1));
            }
        }
        return all.toString();
    }

    /** Connects asked for and not finished. */
    int connecting() {
        return attempts.size();
    }

    static Provider provider(String base) {
        return new Provider(
                "p",
                ProviderKinds.OPENAI,
                URI.create(base),
                new Provider.Access(null, null, Map.of()),
                Duration.ofSeconds(1));
    }

    private static UpstreamFailure failure() {
        return new UpstreamFailure(UpstreamFailure.Phase.CONNECT, UpstreamFailure.Kind.CONNECT_ERROR, "scripted");
    }

    /** Nanoseconds to the next task scheduled on the pool's loop; -1 when there is none. */
    long nextTimer() {
        return clock.runScheduledPendingTasks();
    }

    @Override
    public void close() {
        connections.forEach(EmbeddedChannel::finishAndReleaseAll);
        clock.finishAndReleaseAll();
    }

    /** Remembers everything it is told. */
    final class ScriptLessee implements Lessee, UpstreamReader {

        final List<String> heard = new ArrayList<>();
        UpstreamConnection connection;
        private String answer = "-";

        @Override
        public void leased(UpstreamConnection leased) {
            connection = leased;
            leased.reader(this);
            answer = answered(newest(), leased.reused());
        }

        private String answered(int number, boolean reused) {
            if (!answer.equals("-")) {
                throw new AssertionError("answered twice");
            }
            return number + (reused ? "*" : "");
        }

        /** The connection is found by what it does: a byte written comes out of its channel. */
        private int newest() {
            connection.write(Unpooled.copiedBuffer("x", StandardCharsets.US_ASCII));
            connection.flush();
            for (int i = 0; i < connections.size(); i++) {
                ByteBuf written = connections.get(i).readOutbound();
                if (written != null) {
                    written.release();
                    return i + 1;
                }
            }
            throw new AssertionError("lent a connection that does not write");
        }

        @Override
        public void refused(UpstreamFailure failure) {
            if (!answer.equals("-")) {
                throw new AssertionError("answered twice");
            }
            answer = "!" + failure.phase() + '/' + failure.kind();
        }

        String answer() {
            return answer;
        }

        @Override
        public void read(ByteBuf bytes) {
            heard.add("read " + bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }

        @Override
        public void readComplete() {
            heard.add("complete");
        }

        @Override
        public void writabilityChanged(boolean writable) {
            heard.add("writable " + writable);
        }

        @Override
        public void closed(Throwable cause) {
            heard.add("closed " + (cause == null ? "orderly" : cause.getClass().getSimpleName()));
        }
    }

    /** The channel of a connection, for what only the channel knows. */
    Channel channel(int number) {
        return connections.get(number - 1);
    }
}
