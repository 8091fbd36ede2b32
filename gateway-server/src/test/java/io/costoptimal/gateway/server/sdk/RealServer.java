package io.costoptimal.gateway.server.sdk;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.SeenRequest;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The program in a process of its own, in front of a simulated provider. One thread. */
final class RealServer implements AutoCloseable {

    static final String KEY = "sk-sdk-test";

    private final SimulatedProvider provider;
    private final ServerRun server;
    private final String address;

    private RealServer(SimulatedProvider provider, ServerRun server, String address) {
        this.provider = provider;
        this.server = server;
        this.address = address;
    }

    /** Starts both; {@code folder} gets the configuration. */
    static RealServer start(Path folder) throws IOException, InterruptedException {
        return start(folder, SimulatorSettings.DEFAULTS);
    }

    /** The same, with a provider that also is as {@code settings} say. */
    static RealServer start(Path folder, SimulatorSettings settings) throws IOException, InterruptedException {
        SimulatedProvider provider =
                SimulatedProvider.start(settings.requiring("sk-provider").remembering(10));
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listen: 127.0.0.1:0
                api_keys: [{key: %1$s, name: sdk}]
                providers:
                  - {id: openai, base_url: "%2$s/v1", access_token: sk-provider}
                  - {id: anthropic, type: anthropic, base_url: "%2$s", access_token: sk-provider}
                models:
                  - {model: gpt-4o, providers: [openai]}
                  - {model: text-embedding-3-small, providers: [openai]}
                  - {model: claude-sonnet-4-5, providers: [anthropic]}
                  - {model: limited, providers: [{provider: openai, model: "sim-small@fault=429"}]}
                  - {model: dying, providers: [{provider: openai, model: "sim-small@fault=reset@3"}]}
                  - {model: claude-limited, providers: [{provider: anthropic, model: "sim-small@fault=429"}]}
                  - {model: claude-dying, providers: [{provider: anthropic, model: "sim-small@fault=reset@3"}]}
                """.formatted(KEY, provider.base().toString().replaceAll("/$", "")));
        ServerRun server = ServerRun.start(Map.of(), "serve", "--config", config.toString());
        return new RealServer(provider, server, server.address());
    }

    String url() {
        return "http://" + address;
    }

    /** Ends the program in good order and returns what it wrote to standard error. */
    List<String> stop() throws IOException, InterruptedException {
        server.signal("TERM");
        server.exit();
        return server.err();
    }

    /** What it wrote to standard output, which is the access log once it has stopped. */
    List<String> out() {
        return server.out();
    }

    /** The requests that the provider got last. */
    List<SeenRequest> seen() {
        return provider.seen();
    }

    @Override
    public void close() {
        server.close();
        provider.close();
    }
}
