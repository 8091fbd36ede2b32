package io.costoptimal.gateway.server.handover;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.server.clients.ListenerTls;
import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.Behaviour;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A machine on which gateways follow each other: a folder, a port, a file, and a provider whose streams take two seconds. One
 * thread.
 */
final class Site implements AutoCloseable {

    static final String KEY = "canary-gateway-key";
    /** What clients call this machine. */
    static final String HOST = "localhost";

    static final String REQUEST = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + KEY
            + "\r\nContent-Length: 13\r\n\r\n{\"model\":\"m\"}";

    final Path folder;
    final SimulatedProvider provider;
    final Path config;
    /** Where a process hands over. */
    final Path place;
    /** Of a Unix domain socket. */
    final Path socket;

    final int port;
    final int tlsPort;
    final int adminPort;

    Site(Path folder) throws IOException {
        this(folder, 20);
    }

    /** @param events of a stream, of which there is one every tenth of a second */
    Site(Path folder, int events) throws IOException {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        this.folder = Files.createDirectories(folder);
        Behaviour behaviour = Behaviour.DEFAULTS
                .with("first-byte", "20ms")
                .with("interval", "100ms")
                .with("events", Integer.toString(events));
        provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.behaving(behaviour));
        config = folder.resolve("gateway.yaml");
        place = folder.resolve("hand-over");
        socket = folder.resolve("gateway.sock");
        List<Integer> free = free(3);
        port = free.get(0);
        adminPort = free.get(1);
        tlsPort = free.get(2);
    }

    /** A request, for a stream of events or for one body. */
    static String body(boolean stream) {
        return stream ? "{\"model\":\"m\",\"stream\":true}" : "{\"model\":\"m\"}";
    }

    /**
     * A configuration that listens at the port and at the file, is watched at the other port, and hands over. Connections
     * that have said nothing stay while the next process starts, however slow the machine is.
     */
    void handsOver(String more) throws IOException {
        write("""
                listeners: [{listen: "127.0.0.1:%d"}, {listen: "unix:%s"}]
                admin: {listen: "127.0.0.1:%d"}
                hand_over: %s
                timeouts: {head: 60s}
                """.formatted(port, socket, adminPort, place) + more);
    }

    /** The same by HTTP/2 as well, and at one more port over TLS, as operators come too. */
    void handsOver(ListenerTls tls, String more) throws IOException {
        write("""
                listeners:
                  - {listen: "127.0.0.1:%d", http2: true}
                  - {listen: "unix:%s"}
                  - {listen: "127.0.0.1:%d", http2: true, tls: %s}
                admin: {listen: "127.0.0.1:%d", tls: %s}
                hand_over: %s
                timeouts: {head: 60s, drain: 60s}
                """.formatted(port, socket, tlsPort, tls.yaml(), adminPort, tls.yaml(), place) + more);
    }

    /** The same two ports, and a process that ends when it is told to. */
    void drains(ListenerTls tls, String more) throws IOException {
        write("""
                listeners:
                  - {listen: "127.0.0.1:%d", http2: true}
                  - {listen: "127.0.0.1:%d", http2: true, tls: %s}
                admin: {listen: "127.0.0.1:%d", tls: %s}
                """.formatted(port, tlsPort, tls.yaml(), adminPort, tls.yaml()) + more);
    }

    /** A configuration of what {@code text} says, and of one model. */
    void write(String text) throws IOException {
        Files.writeString(config, text + """
                event_loops: 1
                api_keys: [{key: %s, name: team-a}]
                providers: [{id: sim, base_url: "%s/v1"}]
                models: [{model: m, providers: [sim]}]
                """.formatted(KEY, provider.base()));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }

    /** Starts a process with the configuration; it may not serve yet when this returns. */
    ServerRun serve(String... more) throws IOException {
        return serve("", more);
    }

    /** @param shell what a shell does before it becomes the program */
    ServerRun serve(String shell, String[] more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("serve", "--config", config.toString()));
        arguments.addAll(List.of(more));
        return ServerRun.start(Map.of(), shell, List.of("-Xmx128m"), arguments.toArray(String[]::new));
    }

    private static List<Integer> free(int n) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < n; i++) {
                sockets.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
            }
            return sockets.stream().map(ServerSocket::getLocalPort).toList();
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @Override
    public void close() {
        provider.close();
    }
}
