package io.costoptimal.gateway.server.sdk;

import io.costoptimal.gateway.server.clients.ListenerTls;
import io.costoptimal.gateway.server.clients.Trust;
import io.costoptimal.gateway.server.clients.Wire;
import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The program in a process of its own with every path opened: what names a model goes by it, all else by the key's entry of
 * {@code routes}. One thread.
 */
final class EveryPath implements AutoCloseable {

    /** The key of those who speak OpenAI's API. */
    static final String OPENAI_KEY = "sk-openai-test";

    /** The key of those who speak Anthropic's. */
    static final String ANTHROPIC_KEY = "sk-anthropic-test";

    /** Another key of those who speak OpenAI's API. */
    static final String OTHER_OPENAI_KEY = "sk-openai-other";

    /** Another key of those who speak Anthropic's. */
    static final String OTHER_ANTHROPIC_KEY = "sk-anthropic-other";

    /** A provider that has the models of the rows. */
    static final SimulatorSettings SETTINGS =
            SimulatorSettings.DEFAULTS.offering(List.of("gpt-4o", "claude-sonnet-4-5", "text-embedding-3-small"));

    private static final Pattern SPOKEN = Pattern.compile("\"protocol\":\"[^\"]*\"(,\"tls\":\"[^\"]*\")?");

    private final SimulatedProvider provider;
    private final ServerRun server;
    private final Trust trust;
    private final List<Integer> ports;

    private EveryPath(SimulatedProvider provider, ServerRun server, Trust trust) throws InterruptedException {
        this.provider = provider;
        this.server = server;
        this.trust = trust;
        this.ports = Stream.of(server.address().split(", "))
                .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                .toList();
    }

    /** Starts the program and its provider; {@code folder} gets the configuration. All keys share the objects of a provider. */
    static EveryPath start(Path folder) throws Exception {
        return start(folder, true);
    }

    /** The same where objects belong to the keys that have made them. */
    static EveryPath startOwned(Path folder) throws Exception {
        return start(folder, false);
    }

    private static EveryPath start(Path folder, boolean shared) throws Exception {
        ListenerTls tls = ListenerTls.issue(folder);
        SimulatedProvider provider = SimulatedProvider.start(SETTINGS.requiring("sk-provider"));
        Path config = folder.resolve("every-path.yaml");
        Files.writeString(config, """
                listeners:
                  - {listen: "127.0.0.1:0", http2: true}
                  - {listen: "127.0.0.1:0", http2: false, tls: %6$s}
                  - {listen: "127.0.0.1:0", http2: true, tls: %6$s}
                api_keys:
                  - {key: %1$s, name: openai}
                  - {key: %2$s, name: anthropic}
                  - {key: %4$s, name: other-openai}
                  - {key: %5$s, name: other-anthropic}
                providers:
                  - {id: openai, base_url: "%3$s/v1", access_token: sk-provider}
                  - {id: anthropic, type: anthropic, base_url: "%3$s", access_token: sk-provider}
                routes:
                  - {paths: ["/v1/*"], provider: openai, keys: [openai, other-openai], share_objects: %7$s}
                  - {paths: ["/v1/*"], provider: anthropic, keys: [anthropic, other-anthropic], share_objects: %7$s}
                models:
                  - {model: gpt-4o, providers: [openai]}
                  - {model: "gpt-*", providers: [openai]}
                  - {model: text-embedding-3-small, providers: [openai]}
                  - {model: claude-sonnet-4-5, providers: [anthropic]}
                """.formatted(
                OPENAI_KEY, ANTHROPIC_KEY, provider.base(), OTHER_OPENAI_KEY, OTHER_ANTHROPIC_KEY, tls.yaml(), shared));
        ServerRun server = ServerRun.start(Map.of(), "serve", "--config", config.toString());
        return new EveryPath(provider, server, tls.trust());
    }

    /** Where clients of {@code wire} are sent; the listener for HTTP/1.1 over TLS offers nothing else, as clients ask for HTTP/2 first. */
    String url(Wire wire) {
        int port = ports.get(!wire.tls() ? 0 : wire.http2() ? 2 : 1);
        return (wire.tls() ? "https" : "http") + "://localhost:" + port;
    }

    /** What clients over TLS have to believe in. */
    Trust trust() {
        return trust;
    }

    /** Ends the program in good order and returns what it wrote to standard error. */
    List<String> stop() throws IOException, InterruptedException {
        server.signal("TERM");
        server.exit();
        return server.err();
    }

    /** What the connections of all requests spoke, as the access log has it; once the program has stopped. */
    Set<String> spoken() {
        return server.out().stream()
                .filter(line -> line.contains("\"outcome\":"))
                .map(line -> SPOKEN.matcher(line))
                .map(spoken -> spoken.find() ? spoken.group() : "")
                .collect(Collectors.toSet());
    }

    /** What {@link #spoken} is when all requests come by {@code wire}. */
    static String spoken(Wire wire) {
        String protocol = "\"protocol\":\"" + (wire.http2() ? "h2" : "http/1.1") + "\"";
        return wire.tls() ? protocol + ",\"tls\":\"TLSv1.3\"" : wire.http2() ? protocol : "";
    }

    @Override
    public void close() {
        server.close();
        provider.close();
    }
}
