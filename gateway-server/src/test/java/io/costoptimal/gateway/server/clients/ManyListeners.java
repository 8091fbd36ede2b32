package io.costoptimal.gateway.server.clients;

import io.costoptimal.gateway.server.runtime.ServerRun;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.costoptimal.gateway.testing.TestCertificates;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The program in a process of its own with a listener without TLS and one with it, both of which speak HTTP/2 too. One thread. */
final class ManyListeners implements AutoCloseable {

    /** A key of the gateway. */
    static final String KEY = "sk-clients-test";

    private final SimulatedProvider provider;
    private final ServerRun server;
    private final List<Integer> ports;
    private final Endpoint.Trust trust;

    private ManyListeners(SimulatedProvider provider, ServerRun server, Endpoint.Trust trust)
            throws InterruptedException {
        this.provider = provider;
        this.server = server;
        this.trust = trust;
        this.ports = List.of(server.address().split(", ")).stream()
                .map(address -> Integer.parseInt(address.substring(address.lastIndexOf(':') + 1)))
                .toList();
    }

    static ManyListeners start(Path folder) throws Exception {
        TestCertificates certificates = new TestCertificates();
        X509Bundle bundle = certificates.issue("localhost");
        Path chain = Files.writeString(folder.resolve("chain.pem"), bundle.getCertificatePathPEM());
        Path key = Files.writeString(folder.resolve("key.pem"), bundle.getPrivateKeyPEM());
        Path authority = Files.writeString(folder.resolve("authority.pem"), bundle.getRootCertificatePEM());
        SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.requiring("sk-provider"));
        Path config = folder.resolve("gateway.yaml");
        Files.writeString(config, """
                listeners:
                  - {listen: "127.0.0.1:0", http2: true}
                  - {listen: "127.0.0.1:%d", http2: true, tls: {certificates: [{certificate: %s, key: %s}]}}
                api_keys: [{key: %s, name: clients}]
                providers:
                  - {id: openai, base_url: "%s/v1", access_token: sk-provider}
                models:
                  - {model: gpt-4o, providers: [openai]}
                """.formatted(freePort(), chain, key, KEY, provider.base()));
        ServerRun server = ServerRun.start(Map.of(), "serve", "--config", config.toString());
        Endpoint.Trust trust = new Endpoint.Trust(authority, certificates.client(), manager(certificates));
        return new ManyListeners(provider, server, trust);
    }

    /** A port that nobody listens at. Listeners have names by what the file says, and two of them at port 0 would have the same. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static X509TrustManager manager(TestCertificates certificates) throws Exception {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        store.setCertificateEntry("authority", certificates.authority());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return (X509TrustManager) factory.getTrustManagers()[0];
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
