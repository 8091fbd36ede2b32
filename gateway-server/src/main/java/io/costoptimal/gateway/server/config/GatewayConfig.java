package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.GatewaySettings;
import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.Listener.OpenSocket;
import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.auth.KeyRing;
import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.exchange.CrossOrigin;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.route.PassedPaths;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.server.accesslog.LogRolling;
import io.costoptimal.gateway.tls.TlsFiles;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * What a configuration file says. Immutable; everything in it was checked.
 *
 * @param server where to listen, and how much to say
 * @param keys who may come in
 * @param routing where requests go
 * @param engine what stays as it is while the gateway runs
 * @param ledger what is kept of usage
 */
public record GatewayConfig(
        Server server, List<KeyEntry> keys, Routing routing, GatewaySettings engine, Ledger ledger) {

    public GatewayConfig {
        keys = List.copyOf(keys);
    }

    /** What the engine may change while it runs; compiled once for each call. */
    public Snapshot snapshot() {
        return snapshot(CostMemory.UNTOLD);
    }

    /**
     * The same for a process that remembers what its exchanges used.
     *
     * @param memory what choices by cost expect of the next ones
     */
    public Snapshot snapshot(CostMemory memory) {
        Router router = new Router(routing.table(), routing.prices(), memory);
        Operations served =
                PassedPaths.of(StandardOperations.ALL, routing.table().paths());
        return new Snapshot(KeyRing.of(keys), router, served, routing.pages(), routing.prices());
    }

    /**
     * The process around the engine.
     *
     * @param listeners for clients, at least one
     * @param admin for operators; {@code null} when there is no such listener
     * @param debug whether to log at DEBUG
     * @param life how it ends, and when it takes over a new file
     * @param rolling when the file of the access log is put aside
     */
    public record Server(List<ClientListener> listeners, Admin admin, boolean debug, Life life, LogRolling rolling) {

        public Server {
            listeners = List.copyOf(listeners);
        }

        /** Where the first of the listeners for clients is. */
        public ListenAddress listen() {
            return listeners.get(0).at();
        }

        /** How long running exchanges may go on once draining. */
        public Duration drain() {
            return life.drain();
        }
    }

    /**
     * One listener for clients.
     *
     * @param at where it is
     * @param mode who may connect, if it is at a file
     * @param proxies who may say that a request comes from somewhere else
     * @param protocols what may be spoken
     * @param tls certificates and keys; {@code null} for plain HTTP
     */
    public record ClientListener(
            ListenAddress at,
            Set<PosixFilePermission> mode,
            TrustedProxies proxies,
            Protocols protocols,
            TlsFiles tls) {

        /**
         * What may be spoken beside HTTP/1.
         *
         * @param proxyHeader whether each connection begins with a header of the PROXY protocol
         * @param http2 whether clients may speak HTTP/2: settled over TLS, known beforehand without
         */
        public record Protocols(boolean proxyHeader, boolean http2) {}

        public ClientListener {
            mode = Set.copyOf(mode);
        }

        /** One that speaks plain HTTP and nothing else. */
        static ClientListener plain(ListenAddress at, TrustedProxies proxies) {
            return new ClientListener(
                    at, Listener.Endpoint.OWNER_AND_GROUP, proxies, new Protocols(false, false), null);
        }

        /** The same over TLS; {@code null} for without. */
        public ClientListener over(TlsFiles files) {
            return new ClientListener(at, mode, proxies, protocols, files);
        }

        /** The same, where HTTP/2 may be spoken, or may not. */
        ClientListener withHttp2(boolean http2) {
            return new ClientListener(at, mode, proxies, new Protocols(proxyProtocol(), http2), tls);
        }

        /** Whether each connection begins with a header of the PROXY protocol. */
        public boolean proxyProtocol() {
            return protocols.proxyHeader();
        }

        /** Whether clients may speak HTTP/2. */
        public boolean http2() {
            return protocols.http2();
        }

        /** Whether this takes {@code other}; a port that the system chooses is never taken. */
        boolean isAt(ListenAddress other) {
            return at.equals(other) && !(at instanceof HostPort host && host.port() == 0);
        }

        /**
         * The same for the engine; may block to resolve a name.
         *
         * @param open finds the socket that listens there already; {@code null} when none does
         */
        public Listener listener(Function<SocketAddress, OpenSocket> open) {
            SocketAddress address = at.address();
            Listener listener =
                    new Listener(new Listener.Endpoint(address, mode, open.apply(address)), proxies, proxyProtocol());
            return http2() ? listener.withHttp2() : listener;
        }
    }

    /**
     * The operators' listener.
     *
     * @param listen where it is
     * @param mode who may connect, if it is at a file
     * @param hosts names by which it may be called beside those of loopback, in lower case
     * @param tls certificates and keys; {@code null} for plain HTTP
     */
    public record Admin(ListenAddress listen, Set<PosixFilePermission> mode, Set<String> hosts, TlsFiles tls) {

        /** One that speaks plain HTTP. */
        public Admin(ListenAddress listen, Set<String> hosts) {
            this(listen, Listener.Endpoint.OWNER_AND_GROUP, hosts, null);
        }

        public Admin {
            mode = Set.copyOf(mode);
            hosts = Set.copyOf(hosts);
        }

        /** Where it is, for binding; may block to resolve a name. */
        public Listener.Endpoint endpoint() {
            return new Listener.Endpoint(listen.address(), mode);
        }
    }

    /**
     * How the process ends, and when it takes over a new file.
     *
     * @param drainDelay how long after SIGTERM everything is still served
     * @param drain how long running exchanges may go on after that
     * @param watchesFile whether a file that has changed is loaded without a signal
     * @param handOver where the next process takes over the listening sockets; {@code null} for nowhere
     */
    public record Life(Duration drainDelay, Duration drain, boolean watchesFile, Path handOver) {}

    /**
     * Where requests go.
     *
     * @param providers by id, in the order of the file
     * @param table models in the order of the file
     * @param pages which web pages may send requests; {@code null} for none
     * @param prices what models cost; {@link Prices#NONE} when nothing in the file asks for it
     */
    public record Routing(Map<String, Provider> providers, RouteTable table, CrossOrigin pages, Prices prices) {

        public Routing {
            providers = Collections.unmodifiableMap(new LinkedHashMap<>(providers));
        }
    }

    /**
     * The usage ledger.
     *
     * @param save whether to keep one
     * @param storage kind of database
     * @param uri where it is, as written
     * @param kept how much of it
     */
    public record Ledger(boolean save, Storage storage, String uri, Kept kept) {

        /** Kinds of database. */
        public enum Storage {
            SQLITE,
            POSTGRES
        }

        /**
         * How much is kept.
         *
         * @param retention how long a record is kept
         * @param cleanup how often older ones are removed; {@code null} for never
         * @param queueRows records that may wait for the database
         * @param queueBytes how much memory those may take
         */
        public record Kept(Duration retention, Duration cleanup, int queueRows, long queueBytes) {}

        /** Never prints the address, which may hold a password. */
        @Override
        public String toString() {
            return "Ledger[save=" + save + ", storage=" + storage + "]";
        }
    }
}
