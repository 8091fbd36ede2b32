package io.costoptimal.gateway.server.handover;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.Behaviour;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.testing.RawClient;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One process takes over from another, as an operator has it: real processes, and clients that notice nothing. */
@Timeout(1_800)
class HandOverTest {

    private static final int RESTARTS = Integer.getInteger("gateway.handover.restarts", 5);

    /** Twenty clients, each answered after 20 ms: a thousand requests a second, if the machine can. */
    private static final int ASKING = Integer.getInteger("gateway.handover.clients", 20);

    private static final int STREAMING = Integer.getInteger("gateway.handover.streams", 200);

    private static final String KEY = "canary-gateway-key";
    private static final String REQUEST = "POST /v1/chat/completions HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer "
            + KEY + "\r\nContent-Length: 13\r\n\r\n{\"model\":\"m\"}";

    @TempDir
    private Path folder;

    private SimulatedProvider provider;
    private Path config;
    private Path place;
    private Path socket;
    private int port;

    @BeforeEach
    void start() throws IOException {
        assumeTrue(Epoll.isAvailable(), "no epoll here");
        // A stream takes two seconds.
        Behaviour behaviour = Behaviour.DEFAULTS
                .with("first-byte", "20ms")
                .with("interval", "100ms")
                .with("events", "20");
        provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.behaving(behaviour));
        config = folder.resolve("gateway.yaml");
        place = folder.resolve("hand-over");
        socket = folder.resolve("gateway.sock");
        List<Integer> free = free(2);
        port = free.get(0);
        write("""
                listeners: [{listen: "127.0.0.1:%d"}, {listen: "unix:%s"}]
                admin: {listen: "127.0.0.1:%d"}
                hand_over: %s
                """.formatted(port, socket, free.get(1), place));
    }

    @AfterEach
    void stop() {
        provider.close();
    }

    private void write(String where) throws IOException {
        Files.writeString(config, where + """
                event_loops: 1
                api_keys: [{key: %s, name: team-a}]
                providers: [{id: sim, base_url: "%s/v1"}]
                models: [{model: m, providers: [sim]}]
                """.formatted(KEY, provider.base()));
        Files.setPosixFilePermissions(config, PosixFilePermissions.fromString("rw-------"));
    }

    /** The thousand requests a second that this asks for at least are not asserted; that none fails is. */
    @Test
    void noRequestFailsWhileProcessesFollowEachOtherUnderLoad() throws Exception {
        ServerRun serving = serve();
        try (Clients clients = new Clients(KEY)) {
            serving.address();
            clients.start(ASKING - ASKING / 4, Clients.port(port), false);
            clients.start(ASKING / 4, Clients.file(socket), false);
            clients.start(STREAMING, Clients.port(port), true);
            clients.await(100);
            for (int i = 0; i < RESTARTS; i++) {
                ServerRun next = serve();
                next.address();
                assertThat(serving.exit()).isZero();
                assertThat(serving.err()).anySatisfy(line -> assertThat(line).contains("stopped drained=true"));
                serving.close();
                serving = next;
                clients.await(100);
                assertThat(clients.failures()).as("after %d restarts", i + 1).isEmpty();
            }
            clients.finish();
            assertThat(clients.failures()).isEmpty();
            assertThat(clients.streams()).isGreaterThanOrEqualTo(STREAMING);
            assertThat(socket).exists();
            serving.signal("TERM");
            assertThat(serving.exit()).isZero();
            assertThat(socket).doesNotExist();
            assertThat(place).doesNotExist();
            System.out.println("hand-over: restarts=" + RESTARTS + " requests=" + clients.requests() + " streams="
                    + clients.streams() + " failures=" + clients.failures().size());
        } finally {
            serving.close();
        }
    }

    @Test
    void aConnectionThatWasIdleHasOneMoreRequestAnsweredByTheOldProcess() throws Exception {
        try (ServerRun old = serve()) {
            old.address();
            try (RawClient idle = RawClient.connect(port);
                    RawClient used = RawClient.connect(port)) {
                used.send(REQUEST);
                assertThat(used.readMessage()).startsWith("HTTP/1.1 200 ").doesNotContain("onnection: close");
                try (ServerRun next = serve()) {
                    next.address();
                    old.await(line -> line.contains("handed_over "));
                    for (RawClient client : List.of(idle, used)) {
                        client.send(REQUEST);
                        assertThat(client.readMessage())
                                .startsWith("HTTP/1.1 200 ")
                                .containsIgnoringCase("\r\nconnection: close\r\n");
                        assertThat(client.readToEnd()).isEmpty();
                    }
                    assertThat(old.exit()).isZero();
                    assertThat(old.out()).hasSize(3);
                    assertThat(next.out()).isEmpty();
                }
            }
        }
    }

    @Test
    void aProcessThatCannotStartLeavesTheOldOneServing() throws Exception {
        try (ServerRun old = serve();
                ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            old.address();
            String admin = old.await(line -> line.contains(" started ")).replaceAll(".* admin=(\\S+) .*", "$1");
            String working = Files.readString(config);
            Files.writeString(
                    config,
                    working.replace(
                            "{listen: \"unix:", "{listen: 127.0.0.1:" + taken.getLocalPort() + "}, {listen: \"unix:"));
            try (ServerRun next = serve()) {
                assertThat(next.exit()).isEqualTo(1);
                assertThat(next.err())
                        .anySatisfy(line -> assertThat(line).contains("127.0.0.1:" + taken.getLocalPort()));
            }
            old.await(line -> line.contains("hand_over_failed"));
            try (RawClient client = RawClient.connect(port);
                    RawClient byFile = RawClient.connect(socket);
                    RawClient operator = RawClient.connect(Integer.parseInt(admin.replaceAll(".*:", "")))) {
                client.send(REQUEST);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ").doesNotContain("onnection: close");
                byFile.send(REQUEST);
                assertThat(byFile.readMessage()).startsWith("HTTP/1.1 200 ");
                operator.send("GET /readyz HTTP/1.1\r\nHost: localhost\r\n\r\n");
                assertThat(operator.readMessage()).startsWith("HTTP/1.1 200 ");
            }
            Files.writeString(config, working);
            try (ServerRun next = serve()) {
                next.address();
                assertThat(old.exit()).isZero();
            }
        }
    }

    @Test
    void aFileThatAKilledProcessLeftBehindIsNoProcess() throws Exception {
        try (ServerRun killed = serve()) {
            killed.address();
            killed.signal("KILL");
            killed.exit();
        }
        assertThat(place).exists();
        try (ServerRun next = serve()) {
            next.address();
            try (RawClient client = RawClient.connect(socket)) {
                client.send(REQUEST);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
            }
        }
    }

    /** What systemd does: sockets from descriptor 3 on, and who they are for. */
    @Test
    void socketsThatSystemdOpenedAreTakenAndOutliveTheProcess() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "no perl here to open sockets with");
        write("listeners: [{listen: \"127.0.0.1:%d\"}, {listen: \"unix:%s\"}]\n".formatted(port, socket));
        try (ServerRun run = activated(true)) {
            run.address();
            for (RawClient client : List.of(RawClient.connect(port), RawClient.connect(socket))) {
                client.send(REQUEST);
                assertThat(client.readMessage()).startsWith("HTTP/1.1 200 ");
                client.close();
            }
        }
    }

    @Test
    void socketsThatWouldBlockOrThatNoListenerHasAreRefused() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/perl")), "no perl here to open sockets with");
        write("listeners: [{listen: \"127.0.0.1:%d\"}, {listen: \"unix:%s\"}]\n".formatted(port, socket));
        try (ServerRun run = activated(false)) {
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err())
                    .anySatisfy(
                            line -> assertThat(line)
                                    .contains(
                                            "LISTEN_FDS: descriptor 3 blocks (expected: NonBlocking=yes in the unit of the service)"));
        }
        Files.delete(socket);
        write("listen: 127.0.0.1:%d\n".formatted(port));
        try (ServerRun run = activated(true)) {
            assertThat(run.exit()).isEqualTo(1);
            assertThat(run.err()).anySatisfy(line -> assertThat(line).contains("LISTEN_FDS: unix:" + socket));
        }
    }

    /** Opens a port and a file as descriptors 3 and 4, and becomes the program. */
    private ServerRun activated(boolean nonBlocking) throws IOException {
        Path opener = Files.writeString(folder.resolve("open.pl"), """
                use strict; use Socket; use Fcntl; use POSIX ();
                $^F = 10;
                my ($port, $file, $flags, @program) = @ARGV;
                socket(my $inet, AF_INET, SOCK_STREAM, 0) or die $!;
                setsockopt($inet, SOL_SOCKET, SO_REUSEADDR, 1);
                bind($inet, sockaddr_in($port, INADDR_LOOPBACK)) or die $!;
                socket(my $unix, AF_UNIX, SOCK_STREAM, 0) or die $!;
                bind($unix, sockaddr_un($file)) or die $!;
                for my $socket ($inet, $unix) { listen($socket, 128) or die $!; fcntl($socket, F_SETFL, $flags ? O_NONBLOCK : 0) or die $!; }
                my $first = POSIX::dup2(fileno($inet), 20); my $second = POSIX::dup2(fileno($unix), 21);
                POSIX::dup2(20, 3); POSIX::dup2(21, 4); POSIX::close(20); POSIX::close(21);
                $ENV{LISTEN_PID} = $$; $ENV{LISTEN_FDS} = 2;
                exec @program;
                """);
        String open =
                "set -- /usr/bin/perl " + opener + " " + port + " " + socket + " " + (nonBlocking ? 1 : 0) + " \"$@\"";
        return ServerRun.start(Map.of(), open, List.of("-Xmx128m"), "serve", "--config", config.toString());
    }

    private ServerRun serve() throws IOException {
        return ServerRun.start(Map.of(), "", List.of("-Xmx128m"), "serve", "--config", config.toString());
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
}
