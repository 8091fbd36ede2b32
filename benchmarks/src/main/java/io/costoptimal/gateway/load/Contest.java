package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The servers that are compared: the provider itself, called "direct", and the proxies before it. Rounds are interleaved,
 * every server in each, so that whatever else the machine does falls on all alike; in another order each time, so that
 * none is always the one after the heaviest. Confined to one thread.
 */
final class Contest {

    static final String DIRECT = "direct";
    static final String GATEWAY = "gateway";

    /** The gateway of another checkout, where one is given. */
    static final String BEFORE = "before";

    /** The same orders each time the harness runs. */
    private final Random random = new Random(1);

    private final List<Server> servers = new ArrayList<>();

    /** What is done with one server. */
    interface Turn {
        void of(Server server) throws IOException, InterruptedException;
    }

    /**
     * Starts the proxies that are installed.
     *
     * @param direct the provider behind them
     * @param buffering whether nginx may hold answers back
     */
    Contest(Stack stack, Server direct, String transport, boolean buffering) throws IOException {
        servers.add(direct);
        servers.add(stack.nginxProxy(buffering));
        servers.add(stack.haproxy());
        servers.add(stack.gateway(transport));
        if (servers.removeIf(server -> server == null)) {
            System.out.println("skipped: a proxy that is not installed (apt-get install nginx haproxy)");
        }
        String before = System.getProperty("load.before", "");
        if (!before.isEmpty()) {
            servers.add(stack.gatewayBefore(Path.of(before), transport));
        }
    }

    /** @param servers of which those that could not be started are {@code null} */
    Contest(List<Server> servers) {
        this.servers.addAll(servers);
        this.servers.removeIf(server -> server == null);
    }

    List<String> names() {
        return servers.stream().map(Server::name).toList();
    }

    /** Sessions of load before the first round, as many as {@code part} says for what the JIT compiles, one for others. */
    void warmUp(Plan.Part part, Turn session) throws IOException, InterruptedException {
        for (Server server : servers) {
            for (int i = 0; i < (ours(server) ? part.warmUps() : 1); i++) {
                session.of(server);
                Server.pause(300);
            }
        }
    }

    private static boolean ours(Server server) {
        return server.name().startsWith(GATEWAY) || server.name().startsWith(BEFORE);
    }

    /** Gives every server {@code rounds} turns. */
    void rounds(int rounds, Turn turn) throws IOException, InterruptedException {
        List<Server> order = new ArrayList<>(servers);
        for (int round = 0; round < rounds; round++) {
            Collections.shuffle(order, random);
            for (Server server : order) {
                turn.of(server);
            }
        }
    }
}
