package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.auth.KeyEntry;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.testing.RawClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;

/** A listener for operators with routes of a test's own, and time that stands still. Used by one thread. */
final class Operators implements AutoCloseable {

    static final KeyEntry OPS = KeyEntry.of("admin-key", new Principal("ops", Principal.Role.ADMIN));
    static final KeyEntry TEAM = KeyEntry.of("client-key", new Principal("team", Principal.Role.CLIENT));

    /** Nanoseconds from any start. */
    final AtomicLong time = new AtomicLong(Long.MAX_VALUE - 1_000);

    private final AdminServer server;
    private volatile AdminKeys keys = AdminKeys.of(List.of(OPS, TEAM));

    Operators(Route... routes) throws IOException {
        this(AdminServer.MOST, routes);
    }

    /** @param most connections at a time */
    Operators(int most, Route... routes) throws IOException {
        server = AdminServer.start(
                Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                        .endpoint(),
                new AdminServer.Access(Set.of("gateway.test"), () -> keys, time::get),
                null,
                List.of(routes),
                most);
    }

    /** Replaces the keys, as a reload does. */
    void keys(KeyEntry... next) {
        keys = AdminKeys.of(Arrays.asList(next));
    }

    int port() {
        return server.address().getPort();
    }

    /** Sends a request of these lines and returns the whole answer. */
    String ask(String body, String... lines) throws IOException {
        try (RawClient client = RawClient.connect(port())) {
            client.send(request(body, lines));
            return client.readMessage();
        }
    }

    /** The bytes of a request, with a Host field unless there is one. */
    static String request(String body, String... lines) {
        StringBuilder head = new StringBuilder(lines[0]).append(" HTTP/1.1\r\n");
        List<String> fields = List.of(lines).subList(1, lines.length);
        if (fields.stream().noneMatch(field -> field.startsWith("host:"))) {
            head.append("host: localhost\r\n");
        }
        fields.forEach(field -> head.append(field).append("\r\n"));
        if (!body.isEmpty()) {
            head.append("content-length: ").append(body.length()).append("\r\n");
        }
        return head + "\r\n" + body;
    }

    static int status(String answer) {
        return Integer.parseInt(answer.substring(9, 12));
    }

    @Override
    public void close() {
        server.close();
    }
}
