package io.costoptimal.gateway.server.admin;

import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of the operators' listener, the oldest first. When there are as many as may be, a new one takes the place of
 * the oldest that waits for a request, so that nobody can keep health checks out by opening connections and sending nothing.
 * Confined to the listener's event loop.
 */
final class Crowd {

    private final int most;
    private final Map<Channel, AdminConnection> connections = new LinkedHashMap<>();

    /** @param most connections at a time */
    Crowd(int most) {
        this.most = most;
    }

    /**
     * Finds room for a connection, which keeps it until {@code client} is closed.
     *
     * @return whether there is any; there is none when all others are being answered
     */
    boolean admit(Channel client, AdminConnection connection) {
        if (connections.size() >= most) {
            Channel idle = oldestIdle();
            if (idle == null) {
                return false;
            }
            connections.remove(idle);
            idle.close();
        }
        connections.put(client, connection);
        client.closeFuture().addListener(closed -> connections.remove(client));
        return true;
    }

    private Channel oldestIdle() {
        for (Map.Entry<Channel, AdminConnection> entry : connections.entrySet()) {
            if (entry.getValue().idle()) {
                return entry.getKey();
            }
        }
        return null;
    }
}
