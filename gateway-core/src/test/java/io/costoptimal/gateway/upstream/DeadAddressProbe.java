package io.costoptimal.gateway.upstream;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Runs in a network namespace of its own, where nothing answers at fd99::2: makes connections to a name with that address and
 * a good one, and says how many it got. Fails when one takes longer than a test's patience.
 */
final class DeadAddressProbe {

    private static final int CONNECTIONS = 16;

    private DeadAddressProbe() {}

    public static void main(String[] args) throws Exception {
        Map<String, List<String>> names = Map.of("provider.test.", List.of("127.0.0.1", "fd99::2"));
        // So long that no share of it is within anybody's patience.
        Duration connect = Duration.ofHours(1);
        try (FakeNameServer server = new FakeNameServer(names);
                RealPool pool = new RealPool(
                        Transport.auto(), Tls.context(List.of()), connect, CONNECTIONS, server.provider());
                ServerSocket origin = new ServerSocket(0, CONNECTIONS, InetAddress.getByName("127.0.0.1"))) {
            int made = 0;
            for (; made < CONNECTIONS; made++) {
                pool.ask("http://provider.test:" + origin.getLocalPort()).connection();
            }
            System.out.println(
                    made + " connections, asked for AAAA: " + server.questions().contains("AAAA provider.test."));
        }
        System.exit(0);
    }
}
