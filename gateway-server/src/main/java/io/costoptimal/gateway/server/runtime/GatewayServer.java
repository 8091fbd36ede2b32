package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.GatewayListener;
import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Services;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.ObjectOwners;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.server.accesslog.AccessLog;
import io.costoptimal.gateway.server.accesslog.LineSink;
import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.admin.AdminKeys;
import io.costoptimal.gateway.server.admin.AdminServer;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.api.Api;
import io.costoptimal.gateway.server.api.Ledgers;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import io.costoptimal.gateway.server.handover.Inherited;
import io.costoptimal.gateway.server.handover.Offer;
import io.costoptimal.gateway.server.journal.Journal;
import io.costoptimal.gateway.server.journal.JournalReader;
import io.costoptimal.gateway.server.ledger.Ledger;
import io.costoptimal.gateway.server.metrics.Metrics;
import io.costoptimal.gateway.server.models.ModelList;
import io.costoptimal.gateway.server.objects.StoredOwners;
import io.costoptimal.gateway.server.prices.RoutedPrice;
import io.costoptimal.gateway.tls.ServerTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/** The engine and what the application adds to it. Any thread may call any method; those that change it, one at a time. */
public final class GatewayServer implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(GatewayServer.class);

    /** Objects whose owners are known at a time, of some 300 bytes each. */
    private static final int REMEMBERED_OBJECTS = 100_000;

    private final Metrics metrics = new Metrics();
    private final ProviderWatch providers = new ProviderWatch(
            System::nanoTime,
            line -> LOG.warn("provider_failing {}", line),
            line -> LOG.info("provider_well_again {}", line));
    /** Outlives reloads, as what it knows of answers is true of any configuration. */
    private final CostMemory memory = new CostMemory(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));

    /** {@code null} where none is kept. */
    private final Ledger ledger;

    private final ObjectOwners owners;
    private final Journal journal;
    private final ModelList models;
    private final TlsListeners tls;
    private final Gateway gateway;
    private final AdminServer admin;

    private final GatewayConfig started;
    /** In force now; changed by one reload at a time. */
    private volatile GatewayConfig current;

    /** Who may ask at the operators' listener now. */
    private volatile AdminKeys adminKeys;

    private volatile boolean draining;

    private GatewayServer(GatewayConfig config, Inherited sockets) throws IOException {
        started = config;
        current = config;
        adminKeys = AdminKeys.of(config.keys());
        tls = new TlsListeners(config.server());
        models = new ModelList(config.engine().alsoTrusted());
        Snapshot snapshot = config.snapshot(memory);
        list(config.routing().table());
        metrics.started(config);
        ledger = LedgerStores.ledger(config.ledger());
        owners = LedgerStores.owners(config.ledger(), REMEMBERED_OBJECTS);
        journal = new Journal(readers()).start();
        metrics.observe(journal);
        Services services = new Services(listener(), new LocalAnswers(models, this::draining)).withOwners(owners);
        try {
            gateway =
                    Gateway.start(listeners(config.server().listeners(), sockets), config.engine(), snapshot, services);
        } catch (IOException | RuntimeException e) {
            models.close();
            tls.close();
            closeReaders();
            throw e;
        }
        metrics.observe(gateway, this::draining);
        metrics.observe(tls.all());
        try {
            admin = config.server().admin() == null
                    ? null
                    : AdminServer.start(
                            config.server().admin().endpoint(),
                            new AdminServer.Access(config.server().admin().hosts(), () -> adminKeys, System::nanoTime),
                            tls.of(TlsListeners.ADMIN),
                            routes());
        } catch (IOException | RuntimeException e) {
            models.close();
            gateway.close();
            tls.close();
            closeReaders();
            throw e;
        }
        if (admin != null) {
            metrics.observeLag(gateway.eventLoops());
        }
    }

    /**
     * Starts everything that {@code config} asks for; it listens when this returns.
     *
     * @throws IOException naming the address that cannot be listened on
     */
    public static GatewayServer start(GatewayConfig config) throws IOException {
        return start(config, Inherited.nothing());
    }

    /**
     * The same with sockets that listen already.
     *
     * @param sockets those of the listeners that {@code config} has are taken
     */
    public static GatewayServer start(GatewayConfig config, Inherited sockets) throws IOException {
        GatewayServer server = new GatewayServer(config, sockets);
        StartChecks.of(config.engine().limits()).forEach(problem -> LOG.warn("limits_do_not_fit {}", problem));
        LOG.info(
                "started listen={} admin={} providers={} models={} keys={} prices={} transport={} event_loops={}"
                        + " tls={}",
                String.join(",", server.addresses()),
                server.admin == null ? "none" : server.admin.listening(),
                config.routing().providers().size(),
                config.routing().table().models().size(),
                config.keys().size(),
                RoutedPrice.count(config.routing().table(), config.routing().prices()),
                config.engine().transport(),
                config.engine().eventLoops(),
                server.tls.all().isEmpty() ? "none" : ServerTls.implementation());
        return server;
    }

    private List<Listener> listeners(List<ClientListener> configured, Inherited sockets) {
        List<ServerTls> security = tls.of(configured);
        List<Listener> listeners = new ArrayList<>();
        for (int place = 0; place < configured.size(); place++) {
            listeners.add(configured.get(place).listener(sockets::take).over(security.get(place)));
        }
        return listeners;
    }

    /** What operators can ask. */
    private List<Route> routes() {
        List<Route> routes = new ArrayList<>(AdminRoutes.of(metrics, this::draining));
        routes.addAll(Api.routes(new Api.Subject(
                gateway,
                () -> current,
                new Ledgers(ledger == null ? null : ledger::queries),
                metrics::attempts,
                providers::failing)));
        return routes;
    }

    private GatewayListener listener() {
        return new GatewayListener() {
            @Override
            public void exchangeEnded(ExchangeReport exchange) {
                journal.exchangeEnded(exchange);
                providers.exchangeEnded(exchange);
                if (gateway.snapshot().routes().needContent()) {
                    // Some list or some rule goes by costs.
                    memory.exchangeEnded(exchange);
                }
            }

            @Override
            public boolean wantsUsageCounted() {
                return journal.wantsUsageCounted();
            }
        };
    }

    /** Who is told of exchanges: metrics where somebody can ask for them, and the access log where there is one. */
    private List<JournalReader> readers() {
        List<JournalReader> readers = new ArrayList<>();
        if (started.server().admin() != null) {
            readers.add(metrics.exchanges());
        }
        LineSink lines = Logging.access();
        if (lines != null) {
            readers.add(new AccessLog(lines));
        }
        if (ledger != null) {
            readers.add(ledger.start().reader());
            metrics.observe(ledger);
        }
        return readers;
    }

    /** What has ended is told to the readers, and then the ledger writes what it was told. */
    private void closeReaders() {
        journal.close();
        if (ledger != null) {
            ledger.close();
        }
        closeOwners();
    }

    private void closeOwners() {
        if (owners instanceof StoredOwners stored) {
            stored.close();
        }
    }

    /** The first port where clients are listened to; {@code null} when there is none. */
    public InetSocketAddress address() {
        return gateway.address();
    }

    /** Where clients are listened to: {@code host:port}, or {@code unix:} and a path. */
    public List<String> addresses() {
        return gateway.addresses().stream().map(Listener::text).toList();
    }

    /** The port where operators are served; {@code null} when there is none. */
    public InetSocketAddress adminAddress() {
        return admin == null ? null : admin.address();
    }

    /** What operators can ask; there is such a listener. */
    List<Route> adminRoutes() {
        return admin.routes();
    }

    /**
     * Takes over keys, providers, models and rules of {@code next}; running exchanges keep theirs. Everything else of it
     * takes a restart, which is logged.
     */
    public synchronized void reload(GatewayConfig next) {
        gateway.reload(next.snapshot(memory));
        adminKeys = AdminKeys.of(next.keys());
        tls.reload(next.server());
        list(next.routing().table());
        metrics.reloaded(next, gateway.snapshot());
        LOG.info(
                "reloaded providers={} models={} keys={} changes=\"{}\"",
                next.routing().providers().size(),
                next.routing().table().models().size(),
                next.keys().size(),
                Changes.between(current, next));
        current = next;
        providers.configured(next.routing().providers().keySet());
        List<String> fixed = Restart.neededFor(started, next);
        if (!fixed.isEmpty()) {
            LOG.warn("restart_needed changed={}", String.join(",", fixed));
        }
    }

    /** A configuration could not be loaded; the old one stands. */
    public void reloadFailed(List<String> problems) {
        metrics.reloadFailed();
        problems.forEach(problem -> LOG.error("reload_failed problem=\"{}\"", problem));
    }

    private void list(RouteTable routes) {
        Set<String> names = new LinkedHashSet<>(routes.aliases().keySet());
        routes.models().forEach(model -> names.add(model.model()));
        Provider fallback = routes.defaultProvider();
        // What a client's own credential opens cannot be listed with ours.
        boolean listed = fallback != null && !fallback.access().clientsOwn();
        models.configure(names, new Router(routes), listed ? fallback : null);
    }

    /** Whether {@link #drain} or {@link #close} was called. */
    public boolean draining() {
        return draining;
    }

    /**
     * Health says from now on that no new work should come here. Everything is still served, each answer the last of its
     * connection.
     *
     * @param delay until {@link #drain} is called, for the log
     */
    void announceDrain(Duration delay) {
        draining = true;
        gateway.announceDrain();
        LOG.info("drain_announced delay_ms={} connections={}", delay.toMillis(), gateway.connections());
    }

    /**
     * Stops listening to clients and lets running exchanges end; metrics and health stay until {@link #close}.
     *
     * @param grace how long they may take
     * @return completes with whether all of them ended in time
     */
    public CompletableFuture<Boolean> drain(Duration grace) {
        draining = true;
        LOG.info("draining grace_ms={} connections={}", grace.toMillis(), gateway.connections());
        return gateway.drain(grace);
    }

    /** The process that this one's sockets come from listens no more, and their files are this one's. */
    void tookOver() {
        gateway.tookOver();
    }

    /**
     * Another process serves in this one's place: this one stops to listen, and lets its connections end. Health says nothing
     * of it, because clients who ask at a connection of theirs are served as before.
     *
     * @param grace how long they may take
     * @return completes with whether all of them ended in time
     */
    public CompletableFuture<Boolean> handOver(Duration grace) {
        LOG.info("handed_over grace_ms={} connections={}", grace.toMillis(), gateway.connections());
        return gateway.handOver(grace);
    }

    /**
     * How the next process takes over.
     *
     * @param handedOver called once it serves
     */
    public Offer.Side handingOver(Runnable handedOver) {
        return new HandingOver(gateway, admin, handedOver);
    }

    /** Has log and ledger hold what has ended until now, unless that takes longer than {@code most}; the last they are told. */
    void flush(Duration most) {
        journal.end(most);
        if (ledger != null) {
            ledger.end(most);
        }
        closeOwners();
    }

    /** Stops at once. */
    @Override
    public void close() {
        draining = true;
        models.close();
        gateway.close();
        closeReaders();
        if (admin != null) {
            admin.close();
        }
        tls.close();
    }
}
