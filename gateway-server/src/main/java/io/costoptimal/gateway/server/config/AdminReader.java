package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.server.config.GatewayConfig.Admin;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import io.costoptimal.gateway.tls.TlsFiles;
import java.nio.file.attribute.PosixFilePermission;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads {@code admin}. Owned by the thread that loads. */
final class AdminReader {

    private static final String LOOPBACK = "127.0.0.1";

    private AdminReader() {}

    /**
     * Reads the listener's keys.
     *
     * @param clients where clients are listened to
     * @return {@code null} when there is no such listener
     */
    static Admin read(Section file, List<ClientListener> clients) {
        Optional<Section> section = file.value("admin").flatMap(Value::section);
        if (section.isEmpty()) {
            return null;
        }
        try (Section admin = section.get()) {
            Optional<Value> written = admin.required("listen");
            ListenAddress listen = written.flatMap(value -> value.as(text -> ListenAddress.parse(text, LOOPBACK)))
                    .orElse(null);
            if (listen != null && clients.stream().anyMatch(client -> client.isAt(listen))) {
                written.orElseThrow().expected("another address than listen has");
            }
            Set<PosixFilePermission> mode = ListenerReader.mode(admin, listen);
            Optional<Value> tls = admin.value("tls");
            TlsFiles files = tls.flatMap(TlsReader::read).orElse(null);
            boolean insecure = admin.flag("insecure", false);
            if (listen != null && tls.isEmpty() && !insecure && !isLocal(listen)) {
                written.orElseThrow()
                        .expected("an address of loopback, or tls or insecure: true beside it, because keys and"
                                + " sessions would pass the network as they are");
            }
            Set<String> hosts = new HashSet<>();
            admin.items("hosts").forEach(host -> host.as(AdminReader::host).ifPresent(hosts::add));
            return listen == null ? null : new Admin(listen, mode, hosts, files);
        }
    }

    /** Whether nobody can come over a network. */
    private static boolean isLocal(ListenAddress listen) {
        return !(listen instanceof HostPort port) || isLoopback(port.host());
    }

    private static boolean isLoopback(String host) {
        return host.equals("localhost") || host.equals("::1") || host.matches("127\\.[0-9.]+");
    }

    private static String host(String text) {
        if (!text.matches("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+")) {
            throw new IllegalArgumentException("a host name or an address, without a port");
        }
        return text.toLowerCase(Locale.ROOT);
    }
}
