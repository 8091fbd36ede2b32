package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.Gateway;
import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.admin.AdminServer;
import io.costoptimal.gateway.server.handover.Offer;
import java.io.IOException;
import java.util.List;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * What a running server does for the process that takes over from it.
 *
 * @param admin whose port the other process needs; {@code null} when there is none
 * @param next called when the other process serves
 */
record HandingOver(Gateway gateway, AdminServer admin, Runnable next) implements Offer.Side {

    private static final Logger LOG = LogManager.getLogger(HandingOver.class);

    @Override
    public List<String> addresses() {
        return gateway.addresses().stream().map(Listener::text).toList();
    }

    @Override
    public List<Integer> descriptors() {
        return gateway.descriptors();
    }

    /** The operators' port is for one process at a time, and so is putting the access log aside. */
    @Override
    public void pause() {
        Logging.holdRolling();
        if (admin != null) {
            admin.pause();
        }
    }

    @Override
    public void resume() {
        Logging.releaseRolling();
        try {
            if (admin != null) {
                admin.resume();
            }
        } catch (IOException e) {
            LOG.error("admin_gone cause=\"{}\"", e.getMessage());
        }
    }

    @Override
    public void handedOver() {
        next.run();
    }
}
