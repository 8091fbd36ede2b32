package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.Listener.Endpoint;
import io.costoptimal.gateway.accept.TrustedProxies;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener;
import io.costoptimal.gateway.server.config.GatewayConfig.ClientListener.Protocols;
import io.costoptimal.gateway.tls.TlsFiles;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads {@code listen} and {@code listeners}: where clients are listened to. Owned by the thread that loads. */
final class ListenerReader {

    private static final HostPort STANDARD = new HostPort("127.0.0.1", 8080);
    private static final String EVERYWHERE = "0.0.0.0";

    private final Section file;
    private final TrustedProxies proxies;

    ListenerReader(Section file) {
        this.file = file;
        this.proxies = ProxyReader.read(file);
    }

    /** At least one listener; what is wrong was noted. */
    List<ClientListener> read() {
        Optional<Value> one = file.value("listen");
        Optional<Value> several = file.value("listeners");
        Optional<Value> tls = file.value("listen_tls");
        if (several.isEmpty()) {
            TlsFiles files = tls.flatMap(TlsReader::read).orElse(null);
            return List.of(shortForm(one).over(files).withHttp2(files != null));
        }
        one.ifPresent(value -> several.get().problem("listeners: beside listen (expected: one of the two)"));
        tls.ifPresent(value ->
                value.problem("listen_tls: beside listeners (expected: tls in each of them that is to have it)"));
        List<ClientListener> listeners = new ArrayList<>();
        for (Value item : file.requiredItems("listeners")) {
            item.section().flatMap(section -> listener(section, listeners)).ifPresent(listeners::add);
        }
        return listeners.isEmpty() ? List.of(ClientListener.plain(STANDARD, proxies)) : listeners;
    }

    private ClientListener shortForm(Optional<Value> written) {
        ListenAddress at = written.flatMap(value -> value.as(text -> ListenAddress.parse(text, EVERYWHERE)))
                .orElse(STANDARD);
        Optional<Integer> port = portFromEnvironment(written);
        return ClientListener.plain(
                at instanceof HostPort host && port.isPresent() ? host.withPort(port.get()) : at, proxies);
    }

    /** @param before listeners that stand before this one */
    private Optional<ClientListener> listener(Section section, List<ClientListener> before) {
        try (section) {
            Optional<Value> written = section.required("listen");
            Optional<ListenAddress> at =
                    written.flatMap(value -> value.as(text -> ListenAddress.parse(text, EVERYWHERE)));
            Set<PosixFilePermission> permissions = mode(section, at.orElse(null));
            at.filter(address -> before.stream().anyMatch(other -> other.isAt(address)))
                    .ifPresent(address -> written.get().expected("an address that no listener before has"));
            boolean proxyProtocol = section.flag("proxy_protocol", false);
            if (proxyProtocol) {
                at.filter(address -> !speaksForOthers(address))
                        .ifPresent(address -> section.value("proxy_protocol")
                                .orElseThrow()
                                .problem("proxy_protocol: nobody may speak for clients (expected: trusted_proxies with "
                                        + (address instanceof HostPort ? "the addresses of the proxies)" : "unix:)")));
            }
            TlsFiles tls = section.value("tls").flatMap(TlsReader::read).orElse(null);
            Protocols protocols = new Protocols(proxyProtocol, section.flag("http2", tls != null));
            return at.map(address -> new ClientListener(address, permissions, proxies, protocols, tls));
        }
    }

    /** Whether somebody can come to {@code address} whose word counts. */
    private boolean speaksForOthers(ListenAddress address) {
        return address instanceof HostPort ? !proxies.networks().isEmpty() : proxies.unixSockets();
    }

    /**
     * Reads {@code mode}, which is who may connect.
     *
     * @param at where that listener is; {@code null} when that is not known
     */
    static Set<PosixFilePermission> mode(Section listener, ListenAddress at) {
        Optional<Value> mode = listener.value("mode");
        if (at instanceof HostPort) {
            mode.ifPresent(value -> value.problem("mode: only files have one (expected: listen: unix:/path)"));
        }
        return mode.flatMap(value -> value.as(ListenerReader::mode)).orElse(Endpoint.OWNER_AND_GROUP);
    }

    /** Reads three octal digits, as {@code chmod} does. */
    private static Set<PosixFilePermission> mode(String text) {
        if (!text.matches("[0-7]{3}")) {
            throw new IllegalArgumentException("three octal digits, such as 660");
        }
        StringBuilder letters = new StringBuilder();
        for (char digit : text.toCharArray()) {
            letters.append((digit & 4) == 0 ? '-' : 'r')
                    .append((digit & 2) == 0 ? '-' : 'w')
                    .append((digit & 1) == 0 ? '-' : 'x');
        }
        return PosixFilePermissions.fromString(letters.toString());
    }

    private Optional<Integer> portFromEnvironment(Optional<Value> listen) {
        String port = file.reading().variable("PORT");
        if (port == null || port.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(HostPort.port(port));
        } catch (IllegalArgumentException e) {
            String message = "PORT in the environment: " + Value.oneLine(port) + " (expected: " + e.getMessage() + ")";
            listen.ifPresentOrElse(value -> value.problem(message), () -> file.problem(message));
            return Optional.empty();
        }
    }
}
