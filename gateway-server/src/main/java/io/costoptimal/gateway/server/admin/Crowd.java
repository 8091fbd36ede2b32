package io.costoptimal.gateway.server.admin;

import io.costoptimal.gateway.server.admin.AdminConnection.Standing;
import io.netty.channel.Channel;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The connections of the operators' listener, the oldest first. When there are as many as may be, a new one takes the place of
 * one that has least to lose, the oldest of these. So nobody without a key can keep health checks out: not by opening
 * connections and sending nothing, and not by asking without reading the answers. Confined to the listener's event loop.
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
     * @return whether there is any; there is none when all others are {@link Standing#ANSWERED}
     */
    boolean admit(Channel client, AdminConnection connection) {
        if (connections.size() >= most) {
            Channel other = leastToLose();
            if (other == null) {
                return false;
            }
            connections.remove(other);
            other.close();
        }
        connections.put(client, connection);
        client.closeFuture().addListener(closed -> connections.remove(client));
        return true;
    }

    private Channel leastToLose() {
        Channel found = null;
        Standing least = Standing.ANSWERED;
        for (Map.Entry<Channel, AdminConnection> entry : connections.entrySet()) {
            Standing standing = entry.getValue().standing();
            if (standing.compareTo(least) < 0) {
                found = entry.getKey();
                least = standing;
            }
        }
        return found;
    }
}
