package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import java.nio.file.Path;

/**
 * How the engine runs.
 *
 * @param transport how sockets are driven
 * @param eventLoops number of event loops, at least 1
 * @param caFile certificates of providers to trust beside the platform's; {@code null} when there are none
 */
public record Engine(Transport transport, int eventLoops, Limits limits, Timeouts timeouts, Path caFile) {

    /** The words of the key {@code transport}. */
    public enum Transport {
        AUTO,
        EPOLL,
        IO_URING,
        NIO
    }
}
