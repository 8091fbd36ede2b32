package io.costoptimal.gateway.server.clients;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The program in a process of its own with a listener without TLS and one with it, both of which speak HTTP/2 too. One thread. */
final class ManyListeners implements AutoCloseable {

    /** A key of the gateway. */
    static final String KEY = "sk-clients-test";

    private final SimulatedProvider provider;
    private final ServerRun server;
    private final List<Integer> ports;
    private final Trust trust;

    private ManyListeners(SimulatedProvider provider, ServerRun server, Trust trust) throws InterruptedException {
        this.provider = provider;
        this.server = server;
        this.trust = trust;
        this.ports = List.of(server.address().split(", ")).stream()
                .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                .toList();
    }

    static ManyListeners start(Path folder) throws Exception {
        ListenerTls tls = ListenerTls.issue(folder);
        SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("sk-provider"));
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listeners:
                  - {listen: "127.0.0.1:0", http2: true}
                  - {listen: "127.0.0.1:0", http2: true, tls: %s}
                api_keys: [{key: %s, name: clients}]
                providers:
                  - {id: openai, base_url: "%s/v1", access_token: sk-provider}
                models:
                  - {model: gpt-4o, providers: [openai]}
                """.formatted(tls.yaml(), KEY, provider.base()));
        ServerRun server = ServerRun.start(Map.of(), "serve", "--config", config.toString());
        return new ManyListeners(provider, server, tls.trust());
    }

    Endpoint endpoint(Wire wire) {
        return new Endpoint(wire, ports.get(wire.tls() ? 1 : 0), KEY, trust);
    }

    /** Ends the program in good order and returns what it wrote to standard error. */
    List<String> stop() throws IOException, InterruptedException {
        server.signal("TERM");
        server.exit();
        return server.err();
    }

    @Override
    public void close() {
        server.close();
        provider.close();
    }
}
