package io.costoptimal.gateway;

import io.costoptimal.gateway.accept.Shutdown;
import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.ModelPattern;
import io.costoptimal.gateway.exchange.RequestId;
import io.costoptimal.gateway.exchange.TokenCounting;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.stage.ExchangeWatch;
import io.costoptimal.gateway.tokens.CountingPool;
import io.costoptimal.gateway.tokens.Encodings;
import io.costoptimal.gateway.upstream.Connector;
import io.costoptimal.gateway.upstream.PoolCounts;
import io.costoptimal.gateway.upstream.SocketConnector;
import io.costoptimal.gateway.upstream.Tls;
import io.costoptimal.gateway.upstream.UpstreamPool;
import io.costoptimal.gateway.upstream.Upstreams;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * The engine. Any thread may call any method, but an event loop must not call {@link #start} and {@link #close}, which wait.
 *
 * <p>Either a server of its own ({@link #start}), or a {@link #initializer()} for somebody else's {@code ServerBootstrap}
 * and event loops ({@link #embed}). In both cases {@link #close} must be called; the one misuse is to stop foreign event
 * loops before closing a gateway that runs on them.
 *
 * <p>Longer than most classes because it is what embedders see of an engine; nearly all methods pass on to who does the work.
 */
public final class Gateway implements AutoCloseable {

    /** How long connections have to end that were kept for one more request, which has not come. */
    private static final Duration LAST_ANSWERS = Duration.ofSeconds(3);

    /** Exchanges that may wait to be counted after their end; the others are estimated. */
    private static final int LATE_COUNTS = 256;

    private final GatewaySettings settings;
    private final CountingPool counting = new CountingPool();
    /** Of its own, so that no request ever waits behind what is only accounted. */
    private final CountingPool lateCounting = new CountingPool(1, LATE_COUNTS);

    private final Connector connector;
    private final Map<EventLoop, UpstreamPool> pools = new ConcurrentHashMap<>();
    private final Map<EventLoop, LoopWatch> watches = new ConcurrentHashMap<>();
    private final Map<EventLoop, BufferTrim> trims = new ConcurrentHashMap<>();
    private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
    private final ClientPipeline pipeline;
    private final Services services;

    private volatile Snapshot snapshot;
    /** How client connections are to end; {@code null} while they are not. */
    private volatile Shutdown leaving;

    private EventLoopGroup loops;
    /** {@code null} for an embedded gateway. */
    private ListeningSockets listening;

    private Gateway(GatewaySettings settings, Snapshot snapshot, Services services, Connector connector) {
        this.settings = settings;
        this.connector = connector;
        this.snapshot = snapshot;
        this.services = services;
        this.pipeline = new ClientPipeline(this, settings, services);
        prepare(snapshot);
        // The JDK's ciphers are loaded with the first id, and not by an event loop.
        RequestId.next();
    }

    /**
     * Starts a gateway with event loops of its own and listens.
     *
     * @param address where to listen; port 0 picks a free one, see {@link #address()}
     * @throws IOException when the address cannot be listened on
     */
    public static Gateway start(
            InetSocketAddress address, GatewaySettings settings, Snapshot snapshot, Services services)
            throws IOException {
        return start(List.of(Listener.at(address)), settings, snapshot, services);
    }

    /**
     * The same with several listeners, of which all listen when this returns.
     *
     * @throws IOException naming the first address that cannot be listened on; nothing listens then
     */
    public static Gateway start(
            List<Listener> listeners, GatewaySettings settings, Snapshot snapshot, Services services)
            throws IOException {
        Gateway gateway = new Gateway(settings, snapshot, services, sockets(settings));
        try {
            gateway.listen(listeners);
            return gateway;
        } catch (IOException | RuntimeException e) {
            gateway.close();
            throw e;
        }
    }

    /**
     * Makes a gateway without event loops: {@link #initializer()} goes where the caller wants it. Event loops must be those
     * of {@link GatewaySettings#transport()} or of another transport Netty has for sockets.
     */
    public static Gateway embed(GatewaySettings settings, Snapshot snapshot, Services services) {
        return embed(settings, snapshot, services, sockets(settings));
    }

    /** The same, with connections to providers that {@code connector} makes; {@link #close} closes it. */
    static Gateway embed(GatewaySettings settings, Snapshot snapshot, Services services, Connector connector) {
        return new Gateway(settings, snapshot, services, connector);
    }

    private static Connector sockets(GatewaySettings settings) {
        return new SocketConnector(
                Tls.context(settings.alsoTrusted()),
                settings.timeouts().upstream().connect());
    }

    private void listen(List<Listener> listeners) throws IOException {
        loops = new MultiThreadIoEventLoopGroup(
                settings.eventLoops(), settings.transport().ioHandlerFactory());
        listening = new ListeningSockets(settings.transport(), loops);
        for (Listener listener : listeners) {
            listening.open(listener, pipeline.of(listener));
        }
    }

    /** The child handler for a foreign {@code ServerBootstrap}; the whole engine is behind it. Sharable. */
    public ChannelInitializer<Channel> initializer() {
        return initializer(TrustedProxies.NONE, false);
    }

    /**
     * The same for a bootstrap that trusted proxies connect to.
     *
     * @param proxies who may say that a request comes from somewhere else
     * @param proxyProtocol whether each connection begins with a header of the PROXY protocol
     */
    public ChannelInitializer<Channel> initializer(TrustedProxies proxies, boolean proxyProtocol) {
        return pipeline.of(new Listener(null, proxies, proxyProtocol));
    }

    /** The first port where this gateway listens; {@code null} when it has none, as an embedded one. */
    public InetSocketAddress address() {
        return addresses().stream()
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .findFirst()
                .orElse(null);
    }

    /** Where this gateway listens, in the order of its listeners; nowhere for an embedded one. */
    public List<SocketAddress> addresses() {
        return listening == null ? List.of() : listening.addresses();
    }

    /**
     * The descriptors of the sockets of {@link #addresses}, in the same order, for a process that is to take them over; none
     * unless the transport is epoll. They stay this gateway's to close.
     */
    public List<Integer> descriptors() {
        return listening == null ? List.of() : listening.descriptors();
    }

    /**
     * The process whose sockets this gateway has taken over listens no more. From now on {@link #close} and {@link #drain} remove
     * the files of those that are Unix domain sockets ({@link Listener.OpenSocket#ownsFile}); before, a gateway that is closed
     * leaves them to that process, which goes on serving. Called by the thread that started this gateway.
     */
    public void tookOver() {
        if (listening != null) {
            listening.adoptFiles();
        }
    }

    /** The event loops of this gateway's own, to watch them; none for an embedded one. */
    public List<EventExecutor> eventLoops() {
        List<EventExecutor> own = new ArrayList<>();
        if (loops != null) {
            loops.forEach(own::add);
        }
        return List.copyOf(own);
    }

    /** The configuration that new exchanges start with. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Swaps the configuration; running exchanges keep theirs, and providers that stay the same keep their connections. */
    public void reload(Snapshot next) {
        prepare(next);
        snapshot = next;
    }

    /** Loads now what the first request that counts or is compressed would otherwise wait for. */
    private void prepare(Snapshot next) {
        ContentCoding.load();
        for (String model : next.routes().countedModels()) {
            if (ModelPattern.isWildcard(model)) {
                Encodings.load(Encodings.Name.values());
            } else {
                Encodings.load(Encodings.nameFor(model));
            }
        }
    }

    /** Whether {@link #announceDrain}, {@link #drain}, {@link #handOver} or {@link #close} was called. */
    public boolean draining() {
        return leaving != null;
    }

    /** Client connections open now. */
    public int connections() {
        return clients.size();
    }

    /** How searches for the owners of objects have ended since the engine began. */
    public EngineCounts.OwnerLookUps ownerLookUps() {
        return pipeline.ownerLookUps();
    }

    /** What the engine holds at this moment. Reads what each event loop counts for itself, and disturbs none of them. */
    public EngineCounts counts() {
        PoolCounts upstream =
                pools.values().stream().map(UpstreamPool::counts).reduce(PoolCounts.NONE, PoolCounts::plus);
        Map<ExchangeState, Integer> inFlight = new EnumMap<>(ExchangeState.class);
        for (ExchangeState state : EnumSet.complementOf(EnumSet.of(ExchangeState.ENDED))) {
            inFlight.put(
                    state,
                    watches.values().stream()
                            .mapToInt(watch -> watch.inFlight().in(state))
                            .sum());
        }
        return new EngineCounts(
                inFlight,
                upstream,
                pipeline.memory(),
                new EngineCounts.Counting(counting.queued(), counting.running()),
                pipeline.floods());
    }

    /**
     * Looks at every exchange that runs now. Costs requests nothing but this look, a moment of each event loop.
     *
     * @param look called on event loops: must not wait, and must keep nothing of the report
     * @return what it said of each, in no order; exchanges that begin or end meanwhile may be in it or not
     */
    public <T> CompletableFuture<List<T>> running(Function<ExchangeReport, T> look) {
        return RunningExchanges.all(clients, look);
    }

    /**
     * Everything is served as before, but each answer says that it is the last of its connection, so that clients turn to
     * other gateways before {@link #drain} closes what is idle.
     */
    public void announceDrain() {
        leaving = Shutdown.PART;
        tellClients(Shutdown.PART);
    }

    /**
     * Stops listening, closes idle connections, and lets running exchanges end, and their tokens be counted.
     *
     * @param grace how long; what still runs then is aborted so that no client takes it for whole
     * @return completes when the last connection is closed and the last exchange counted; true if none had to be aborted
     */
    public CompletableFuture<Boolean> drain(Duration grace) {
        CompletableFuture<Boolean> drained = leave(Shutdown.DRAIN);
        after(grace, () -> {
            if (drained.complete(false)) {
                tellClients(Shutdown.ABORT);
            }
        });
        return drained;
    }

    /**
     * Another process listens with this gateway's {@link #descriptors}: stops listening, leaving the sockets to it. Running
     * exchanges end; each kept connection stays for one more request, whose answer says that it is the last.
     *
     * @param grace how long; then {@link #drain}, for as long as a client usually takes to read its last answer
     * @return as {@link #drain}
     */
    public CompletableFuture<Boolean> handOver(Duration grace) {
        if (listening != null) {
            listening.leaveFiles();
        }
        CompletableFuture<Boolean> left = leave(Shutdown.PART);
        after(grace, () -> {
            if (!left.isDone()) {
                drain(LAST_ANSWERS).thenAccept(left::complete);
            }
        });
        return left;
    }

    /** Stops listening, and has every connection end as {@code how} says. Completes when the last one has. */
    private CompletableFuture<Boolean> leave(Shutdown how) {
        leaving = how;
        CompletableFuture<Void> stopped = listening == null ? CompletableFuture.completedFuture(null) : stopListening();
        tellClients(how);
        CompletableFuture<Boolean> left = new CompletableFuture<>();
        stopped.whenComplete((done, failure) ->
                clients.newCloseFuture().addListener(closed -> counted().thenRun(() -> left.complete(true))));
        return left;
    }

    /** Completes when every connection that was accepted is among {@link #clients}, however late its event loop came to it. */
    private CompletableFuture<Void> stopListening() {
        return listening
                .close()
                .thenCompose(closed -> CompletableFuture.allOf(eventLoops().stream()
                        .map(loop -> CompletableFuture.runAsync(() -> {}, loop))
                        .toArray(CompletableFuture[]::new)));
    }

    private static void after(Duration delay, Runnable what) {
        GlobalEventExecutor.INSTANCE.schedule(what, delay.toMillis(), TimeUnit.MILLISECONDS);
    }

    private CompletableFuture<Void> counted() {
        return CompletableFuture.allOf(
                watches.values().stream().map(LoopWatch::counted).toArray(CompletableFuture[]::new));
    }

    private void tellClients(Shutdown how) {
        for (Channel client : clients) {
            client.pipeline().fireUserEventTriggered(how);
        }
    }

    /** Closes everything at once: connections, pools, and event loops if they are this gateway's own. */
    @Override
    public void close() {
        leaving = Shutdown.DRAIN;
        if (listening != null) {
            listening.close().join();
        }
        tellClients(Shutdown.ABORT);
        clients.newCloseFuture().awaitUninterruptibly(5, TimeUnit.SECONDS);
        watches.forEach(Gateway::close);
        pools.forEach((loop, pool) -> loop.execute(pool::close));
        counting.close();
        lateCounting.close();
        connector.close();
        if (loops != null) {
            loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
        }
    }

    /** Waits for the exchanges of {@code loop} to be passed on, all of them. */
    private static void close(EventLoop loop, LoopWatch watch) {
        if (loop.inEventLoop()) {
            watch.close();
            return;
        }
        try {
            loop.submit(watch::close).awaitUninterruptibly(5, TimeUnit.SECONDS);
        } catch (RejectedExecutionException ended) {
            // Nothing runs there any more.
            watch.close();
        }
    }

    TokenCounting counting() {
        return counting;
    }

    /** The connections to providers that belong to a client channel's event loop. */
    Upstreams upstreams(Channel client) {
        return pools.computeIfAbsent(
                client.eventLoop(),
                loop -> new UpstreamPool(
                        loop,
                        connector,
                        settings.limits().upstream(),
                        settings.timeouts().pool()));
    }

    /** Who hears of the exchanges of a client channel's event loop. */
    ExchangeWatch watch(Channel client) {
        return watches.computeIfAbsent(client.eventLoop(), loop -> new LoopWatch(loop, services, lateCounting));
    }

    /** A connection was accepted; one that slipped in while draining is told at once. */
    void opened(Channel client) {
        clients.add(client);
        client.closeFuture().addListener(trims.computeIfAbsent(client.eventLoop(), BufferTrim::new));
        Shutdown how = leaving;
        if (how != null) {
            client.pipeline().fireUserEventTriggered(how);
        }
    }
}
