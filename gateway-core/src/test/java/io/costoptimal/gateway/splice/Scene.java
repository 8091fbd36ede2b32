package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.cost.ModelPrice;
import io.costoptimal.gateway.cost.TokenClass;
import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.Keys;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.PassingBody;
import io.costoptimal.gateway.exchange.Policy;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.Output;
import io.costoptimal.gateway.exchange.RequestFacts.Streaming;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.upstream.Lessee;
import io.costoptimal.gateway.upstream.ProviderKinds;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.costoptimal.gateway.upstream.UpstreamReader;
import io.costoptimal.gateway.upstream.Upstreams;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A {@link Relay} between a client and providers that do as they are told: no network, virtual time, and a log that tells in
 * order what it did. Confined to the test's thread.
 *
 * <p>The log's words: {@code lease a}, {@code lease a fresh}, {@code cancelled}; {@code pause} and {@code resume} for reading
 * of the provider; {@code reused} and {@code closed} for the release of its connection; a status for a rejection; an
 * {@link Outcome} for the end of the exchange.
 */
final class Scene implements AutoCloseable {

    static final String BODY = "{\"model\": \"gpt-x\", \"n\": 1}";
    static final Duration FIRST_BYTE = Duration.ofSeconds(60);

    /** What the request is; a row changes what it is about. */
    record Request(String method, boolean http11, boolean keepAlive, Operation operation, List<Candidate> candidates) {

        static final Request PLAIN =
                new Request("POST", true, true, StandardOperations.CHAT_COMPLETIONS, List.of(candidate("a", null)));

        Request method(String method) {
            return new Request(method, http11, keepAlive, operation, candidates);
        }

        Request http10(boolean keepAlive) {
            return new Request(method, false, keepAlive, operation, candidates);
        }

        Request close() {
            return new Request(method, http11, false, operation, candidates);
        }

        Request to(Operation operation) {
            return new Request(method, http11, keepAlive, operation, candidates);
        }

        /** The same as a stream, whose candidates are to be asked for usage. */
        Request asking() {
            return new Request(
                    method,
                    http11,
                    keepAlive,
                    operation,
                    candidates.stream().map(Scene::asking).toList());
        }

        Request candidates(String... ids) {
            return new Request(
                    method,
                    http11,
                    keepAlive,
                    operation,
                    List.of(ids).stream().map(id -> candidate(id, null)).toList());
        }
    }

    /** What kind of client a scene has. */
    enum Kind {
        /** One without a wire, which takes the chunked coding. */
        CHUNKS,
        /** One without a wire, which takes payload alone. */
        PAYLOAD,
        /** A connection that speaks HTTP/2, whose streams take payload alone. */
        HTTP2,
        /** A connection that speaks HTTP/1; what it received is told byte for byte, but for the exchange's id. */
        HTTP1
    }

    final List<String> log = new ArrayList<>();
    /** What each attempt sent to its provider. */
    final List<StringBuilder> sent = new ArrayList<>();

    /** Whose event loop all of it runs on. */
    final EmbeddedChannel channel = new EmbeddedChannel();

    {
        // No time passes but what a row lets pass, however slow the machine.
        channel.freezeTime();
    }

    /** Room for the error answers that are kept. */
    final ByteBudget kept = new ByteBudget(1000);

    /** What else happens within the resumption of reading, as an event loop could have it. */
    Runnable onResume = () -> {};
    /** What else a flush does to a client that is slow otherwise. */
    Runnable onFlush = () -> {};

    private final BodyMemory memory = new BodyMemory() {
        @Override
        public boolean take(int bytes, boolean large) {
            if (bytes > bodyRoom) {
                return false;
            }
            bodyRoom -= bytes;
            bodiesHeld += bytes;
            return true;
        }

        @Override
        public void giveBack(int bytes, boolean large) {
            bodyRoom += bytes;
            bodiesHeld -= bytes;
        }
    };

    private final Map<String, Long> windows = new HashMap<>();
    private final ClientEnd client;
    private final List<ByteBuf> handedOver = new ArrayList<>();
    private final Deque<Lessee> waiting = new ArrayDeque<>();
    private boolean leaseLater;
    private boolean reused;
    private boolean written = true;
    private boolean begun = true;
    private boolean takes = true;
    private int bodyRoom = Integer.MAX_VALUE;
    private long bodiesHeld;
    private Duration connect = Duration.ZERO;
    private Connection connection;
    private Exchange exchange;

    Scene(Kind kind) {
        this(kind, Timeouts.DEFAULTS);
    }

    Scene(Kind kind, Timeouts timeouts) {
        this(kind, timeouts, Accounting.OFF);
    }

    Scene(Kind kind, Timeouts timeouts, Accounting accounting) {
        Relay.Shared shared = new Relay.Shared(kept, accounting, new UsageRefusals());
        Relay relay = new Relay(new Pool(), timeouts, Limits.DEFAULTS.upstream(), shared);
        Runnable flushed = () -> onFlush.run();
        client = switch (kind) {
            case HTTP1 -> new Http1End(channel, log, relay, flushed);
            case HTTP2 -> new Http2End(channel, log, relay, flushed);
            default -> new ScriptedClient(kind == Kind.CHUNKS, channel.eventLoop(), log, relay, flushed);
        };
    }

    static Candidate candidate(String id, String model) {
        Provider.Access access = new Provider.Access("sk-" + id, null, Map.of());
        return new Candidate(
                new Provider(id, ProviderKinds.OPENAI, URI.create("http://" + id), access, FIRST_BYTE), model);
    }

    private static Candidate asking(Candidate candidate) {
        Provider provider = candidate.provider();
        Provider.Asking asking = new Provider.Asking(provider.firstByteTimeout(), true);
        return new Candidate(
                new Provider(provider.id(), provider.kind(), provider.location(), provider.access(), asking),
                candidate.model());
    }

    // What happens.

    /**
     * A request whose body goes on while it arrives. A piece of it that holds {@code BAD} is refused.
     *
     * @param length that its client announces
     * @param window bytes of it that are held
     * @param awaited whether the client waits to be asked for it
     */
    record Upload(PassingBody.Framing framing, long length, int window, boolean awaited) {

        static Upload of(long length) {
            return new Upload(PassingBody.Framing.LENGTH, length, 1000, false);
        }

        static Upload chunked() {
            return new Upload(PassingBody.Framing.CHUNKED, 0, 1000, false);
        }

        static Upload none() {
            return new Upload(PassingBody.Framing.NONE, 0, 1000, false);
        }

        Upload window(int bytes) {
            return new Upload(framing, length, bytes, awaited);
        }

        Upload awaitingToBeAsked() {
            return new Upload(framing, length, window, true);
        }

        private PassingBody body() {
            return new PassingBody(framing, length, window, Upload::check, awaited);
        }

        private static Rejection check(ByteBuf piece, boolean last) {
            return piece.toString(ISO_8859_1).contains("BAD") ? Rejection.badRequest("bad") : null;
        }
    }

    Scene start(Request request, Upload upload) {
        return start(request, upload, RetryOn.ALL);
    }

    /** The beginning of {@code request}, routed; {@link #sends} follows. */
    Scene start(Request request, Upload upload, RetryOn retryOn) {
        Exchange started = exchange(request);
        started.passes(upload.body());
        started.inspected(RequestFacts.UNSEEN, new HeldBody(memory, upload.length()));
        route(started, request, retryOn);
        return this;
    }

    /** The client sends a piece of its body. */
    Scene sends(String piece) {
        client.sends(track(piece), false);
        return this;
    }

    Scene sendsLast(String piece) {
        client.sends(track(piece), true);
        return this;
    }

    /** Whether the provider's connection takes more of the request. */
    Scene providerTakes(boolean more) {
        takes = more;
        connection.reader.writabilityChanged(more);
        return this;
    }

    /** So much memory, in bytes, is left for bodies. */
    Scene roomForBodies(int bytes) {
        bodyRoom = bytes;
        return this;
    }

    Scene start() {
        return start(Request.PLAIN);
    }

    Scene start(Request request) {
        return start(request, RetryOn.ALL);
    }

    Scene start(Request request, RetryOn retryOn) {
        return start(request, retryOn, List.of(BODY));
    }

    /** @param pieces of the body; its model value is found in it */
    Scene start(Request request, RetryOn retryOn, List<String> pieces) {
        Exchange started = exchange(request);
        HeldBody body = new HeldBody();
        pieces.forEach(piece -> body.add(track(piece)));
        String all = String.join("", pieces);
        int model = all.indexOf("\"gpt-x\"");
        ModelField field = model < 0
                ? ModelField.missing(all.indexOf('{') + 1, all.equals("{}"))
                : new ModelField("gpt-x", model, model + 7);
        boolean asking = request.candidates().stream()
                .anyMatch(candidate -> candidate.provider().asking().usage());
        started.inspected(facts(field, asking, all), body);
        route(started, request, retryOn);
        return this;
    }

    private Exchange exchange(Request request) {
        HttpVersion version = request.http11() ? HttpVersion.HTTP_1_1 : HttpVersion.HTTP_1_0;
        HttpRequest head = new DefaultHttpRequest(
                version,
                HttpMethod.valueOf(request.method()),
                request.operation().path());
        Target target = new Target(request.operation(), request.operation().family(), null, null);
        Exchange started = new Exchange(head, target, policy);
        started.authenticated(new Principal("k", Principal.Role.CLIENT));
        return started;
    }

    private void route(Exchange started, Request request, RetryOn retryOn) {
        started.routed(new Decision(
                "gpt-x",
                new Decision.Match("gpt-x", "providers"),
                request.candidates(),
                retryOn,
                new Decision.Tokens(0, 9, false)));
        exchange = started;
        client.enter(started, request.keepAlive());
    }

    /** How many tokens the model holds at a provider; nobody knows it of the others. */
    Scene window(String provider, long tokens) {
        windows.put(provider, tokens);
        return this;
    }

    private static RequestFacts facts(ModelField field, boolean asking, String body) {
        if (!asking) {
            return new RequestFacts(field, false, -1, false, body.length());
        }
        int first = body.indexOf('{') + 1;
        UsageOption open = new UsageOption(UsageOption.Place.NO_OPTIONS, first, first);
        return new RequestFacts(field, new Streaming(true, open), Output.NOT_TOLD, Content.UNKNOWN, body.length());
    }

    /** Leases wait until {@link #lease} or {@link #refuse}. */
    Scene leaseLater() {
        leaseLater = true;
        return this;
    }

    /** Connections have served another exchange before. */
    Scene reused() {
        reused = true;
        return this;
    }

    /** Whether the request has left this process. */
    Scene written(boolean all) {
        written = all;
        return this;
    }

    /** Every write fails at once. */
    Scene writesFail() {
        begun = false;
        return this;
    }

    /** How long the TCP connect of each connection took. */
    Scene connectTook(Duration connect) {
        this.connect = connect;
        return this;
    }

    /** Leases are granted at once, as they are in the beginning. */
    Scene leaseAtOnce() {
        leaseLater = false;
        return this;
    }

    Scene lease() {
        grant(waiting.remove());
        return this;
    }

    Scene refuse(UpstreamFailure failure) {
        waiting.remove().refused(failure);
        return this;
    }

    /** The provider says so much, in one read. */
    Scene says(Says words) {
        return receive(words.bytes());
    }

    /** The provider sends {@code bytes}, which arrive as one read. */
    Scene receive(String bytes) {
        return receiveMore(bytes).readComplete();
    }

    /** The provider sends {@code bytes}, and more is coming within the same read. */
    Scene receiveMore(String bytes) {
        UpstreamReader reader = connection.reader;
        if (connection.gone) {
            throw new AssertionError("nobody listens: " + log);
        }
        ByteBuf read =
                Unpooled.buffer(ResponseHead.ROOM + bytes.length()).setIndex(ResponseHead.ROOM, ResponseHead.ROOM);
        handedOver.add(read);
        reader.read(read.writeBytes(bytes.getBytes(ISO_8859_1)));
        return this;
    }

    Scene readComplete() {
        if (!connection.gone) {
            connection.reader.readComplete();
        }
        return this;
    }

    /** An orderly end of the provider's connection. */
    Scene fin() {
        return end(null);
    }

    Scene reset() {
        return end(new IOException("reset"));
    }

    private Scene end(Throwable cause) {
        if (!connection.gone) {
            connection.gone = true;
            connection.reader.closed(cause);
        }
        return this;
    }

    Scene requestDrained() {
        connection.reader.writabilityChanged(true);
        return this;
    }

    Scene clientLeaves() {
        client.leaves();
        return this;
    }

    /** What is written to the client stays queued until {@link #clientTakes}. */
    Scene slowClient() {
        client.slow();
        return this;
    }

    /** The client takes up to {@code bytes} of what is queued for it. */
    Scene clientTakes(long bytes) {
        client.takes(bytes);
        return this;
    }

    Scene clientWritable(boolean writable) {
        client.writable(writable);
        return this;
    }

    boolean clientIsWritable() {
        return client.isWritable();
    }

    /** What the client got of providers' answers; see {@link Kind}. A rejection is in the log alone. */
    String received() {
        return client.received();
    }

    /** What happened up to now is told no more, neither by the log nor by {@link #received}. */
    Scene forget() {
        log.clear();
        client.forget();
        return this;
    }

    /** What follows within the end of the next exchange that is answered whole, as a client that sends ahead has it. */
    Scene atEnd(Runnable next) {
        client.atEnd(next);
        return this;
    }

    int flushes() {
        return client.flushes();
    }

    Scene pass(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        return this;
    }

    Scene thrown(Throwable cause) {
        client.thrown(cause);
        return this;
    }

    Exchange exchange() {
        return exchange;
    }

    boolean idle() {
        return connection == null || connection.gone;
    }

    boolean reading() {
        return connection.reading;
    }

    private ByteBuf track(String bytes) {
        ByteBuf buf = Unpooled.copiedBuffer(bytes, ISO_8859_1);
        handedOver.add(buf);
        return buf;
    }

    /** Ends the scene: nothing is leaked, and no timer outlives the connection (trap 53). */
    @Override
    public void close() {
        client.close();
        // Whoever reads an answer that nobody wants gives up by itself.
        pass(Duration.ofSeconds(2));
        assertThat(channel.runScheduledPendingTasks()).as("timers").isEqualTo(-1);
        assertThat(channel.hasPendingTasks()).as("pending tasks").isFalse();
        channel.finishAndReleaseAll();
        assertThat(exchange == null || exchange.ended()).isTrue();
        assertThat(bodiesHeld).as("memory of bodies").isZero();
        assertThat(handedOver)
                .allSatisfy(buf -> assertThat(buf.refCnt()).as(buf.toString()).isZero());
    }

    private void grant(Lessee lessee) {
        connection = new Connection();
        sent.add(connection.received);
        lessee.leased(connection);
    }

    private final class Pool implements Upstreams {

        @Override
        public Pending lease(Provider provider, boolean fresh, Lessee lessee) {
            log.add("lease " + provider.id() + (fresh ? " fresh" : ""));
            if (fresh) {
                reused = false;
                begun = true;
            }
            if (!leaseLater) {
                grant(lessee);
                return () -> {};
            }
            waiting.add(lessee);
            return () -> {
                if (waiting.remove(lessee)) {
                    log.add("cancelled");
                }
            };
        }
    }

    private final class Connection implements UpstreamConnection {

        final StringBuilder received = new StringBuilder();
        UpstreamReader reader;
        boolean reading = true;
        boolean gone;

        @Override
        public boolean reused() {
            return reused;
        }

        @Override
        public long connectNanos() {
            return connect.toNanos();
        }

        @Override
        public boolean begun() {
            return begun;
        }

        @Override
        public void reader(UpstreamReader reader) {
            this.reader = reader;
        }

        @Override
        public void write(ByteBuf bytes) {
            assertThat(gone).isFalse();
            received.append(bytes.toString(ISO_8859_1));
            bytes.release();
        }

        @Override
        public void flush() {}

        @Override
        public boolean written() {
            return written;
        }

        @Override
        public boolean sent() {
            return written;
        }

        @Override
        public boolean writable() {
            return takes;
        }

        @Override
        public void reading(boolean on) {
            reading = on;
            log.add(on ? "resume" : "pause");
            if (on) {
                onResume.run();
            }
        }

        @Override
        public void release(boolean reusable) {
            if (!gone) {
                gone = true;
                log.add(reusable ? "reused" : "closed");
            }
        }
    }

    private static ModelPrice window(long tokens) {
        return ModelPrice.builder()
                .window(tokens)
                .price(TokenClass.INPUT, 0)
                .price(TokenClass.OUTPUT, 0)
                .build();
    }

    private final Policy policy = new Policy() {
        @Override
        public Prices prices() {
            return (provider, model) -> windows.containsKey(provider.id()) ? window(windows.get(provider.id())) : null;
        }

        @Override
        public Keys keys() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Routes routes() {
            throw new UnsupportedOperationException();
        }
    };
}
