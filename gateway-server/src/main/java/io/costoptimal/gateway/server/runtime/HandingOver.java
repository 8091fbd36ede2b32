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

/** What a running server does for the process that takes over from it. Confined to the thread of the {@link Offer}. */
final class HandingOver implements Offer.Side {

    private static final Logger LOG = LogManager.getLogger(HandingOver.class);

    private final Gateway gateway;
    private final AdminServer admin;
    private final Runnable next;
    /** Whether the access log is not put aside for the sake of the other process. */
    private boolean holding;
    /** Whether the other process, given up or not, has the operators' port. */
    private boolean adminGone;

    /**
     * @param admin whose port the other process needs; {@code null} when there is none
     * @param next called when the other process serves
     */
    HandingOver(Gateway gateway, AdminServer admin, Runnable next) {
        this.gateway = gateway;
        this.admin = admin;
        this.next = next;
    }

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
        holding = true;
        if (admin != null) {
            admin.pause();
        }
    }

    @Override
    public boolean resume() {
        if (holding) {
            Logging.releaseRolling();
            holding = false;
        }
        try {
            if (admin != null) {
                admin.resume();
            }
        } catch (IOException e) {
            if (!adminGone) {
                LOG.error(
                        "admin_gone cause=\"{}\" (expected: that whoever listens there ends; tried again)",
                        e.getMessage());
            }
            adminGone = true;
            return false;
        }
        if (adminGone) {
            LOG.info("admin_back listen={}", admin.listening());
            adminGone = false;
        }
        return true;
    }

    @Override
    public void handedOver() {
        next.run();
    }
}
