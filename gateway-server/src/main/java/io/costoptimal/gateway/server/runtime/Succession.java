package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.Listener;
import io.costoptimal.gateway.server.accesslog.Logging;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.handover.Inherited;
import io.costoptimal.gateway.server.handover.Offer;
import io.costoptimal.gateway.server.handover.SystemdSockets;
import io.costoptimal.gateway.server.handover.Takeover;
import io.costoptimal.gateway.upstream.Transport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.Logger;

/**
 * Where the listening sockets of this process come from, and who gets them next. Used by the main thread. Closed before
 * {@link #serving}, it leaves everything to the process before.
 */
public final class Succession implements AutoCloseable {

    private static final Logger LOG = LogManager.getLogger(Succession.class);

    /** {@code null} for nowhere. */
    private final Path place;

    private final Inherited sockets;
    /** {@code null} when nobody is asked. */
    private final Takeover former;

    private Offer offer;

    private Succession(Path place, Inherited sockets, Takeover former) {
        this.place = place;
        this.sockets = sockets;
        this.former = former;
    }

    /**
     * Finds sockets that are open already: of systemd, or of the process that serves now.
     *
     * @param environment where systemd tells of them
     * @throws IOException when there are some that this process cannot take
     */
    public static Succession of(GatewayConfig config, Map<String, String> environment) throws IOException {
        Path place = config.server().life().handOver();
        Inherited opened = SystemdSockets.of(environment);
        if (opened.isEmpty()) {
            Takeover former = place == null ? null : Takeover.from(place);
            if (former != null && former.isFromAnother()) {
                // While two processes write to the access log, neither may put its file aside: the other would write
                // on.
                Logging.holdRolling();
            }
            return new Succession(place, former == null ? opened : former.sockets(), former);
        }
        if (place != null) {
            throw new IOException("hand_over: beside LISTEN_FDS (expected: one of the two)");
        }
        if (config.engine().transport() != Transport.EPOLL) {
            throw new IOException("LISTEN_FDS: needs transport: epoll");
        }
        opened.restrictTo(config.server().listeners().stream()
                .map(listener -> Listener.text(listener.at().address()))
                .toList());
        return new Succession(null, opened, null);
    }

    /** Sockets that are open already. */
    public Inherited sockets() {
        return sockets;
    }

    /**
     * {@code server} serves: the process before may end, and the next one is awaited. What goes wrong is logged, and serving
     * goes on; unless the process before has given this one up and serves itself.
     *
     * @param replaced called when the next one serves
     * @return whether this process serves
     */
    public boolean serving(GatewayServer server, Runnable replaced) {
        try {
            if (former != null) {
                former.serving(Logging::releaseRolling);
                server.tookOver();
            }
        } catch (IOException e) {
            if (former.isGivenUp()) {
                LOG.error("hand_over_too_late (expected: to serve within two minutes; the process before serves on)");
                return false;
            }
            LOG.warn("hand_over_unfinished cause=\"{}\"", e.getMessage());
        }
        try {
            if (place != null) {
                offer = Offer.at(place, server.handingOver(replaced));
            }
        } catch (IOException e) {
            LOG.warn("hand_over_unavailable cause=\"{}\"", e.getMessage());
        }
        return true;
    }

    @Override
    public void close() {
        if (former != null) {
            former.close();
        }
        if (offer != null) {
            offer.close();
        }
    }
}
