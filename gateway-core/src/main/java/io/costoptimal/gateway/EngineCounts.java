package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.upstream.UpstreamPool;
import java.util.Map;

/**
 * A glance at what the engine holds, all event loops together. Immutable; each figure is right, but they are not of one
 * moment.
 *
 * @param inFlight running exchanges by how far they have come; every state but {@link ExchangeState#ENDED} has an entry
 * @param upstream connections to providers
 * @param heldBytes bytes of request bodies held in memory
 * @param heldBytesLimit how many may be held
 * @param countingQueued bodies that wait for a thread to count their tokens
 */
public record EngineCounts(
        Map<ExchangeState, Integer> inFlight,
        UpstreamPool.Counts upstream,
        long heldBytes,
        long heldBytesLimit,
        int countingQueued) {

    public EngineCounts {
        inFlight = Map.copyOf(inFlight);
    }
}
