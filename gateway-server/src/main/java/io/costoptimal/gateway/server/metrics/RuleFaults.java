package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.Snapshot;
import io.costoptimal.gateway.route.Router;

/** How often rules have failed on requests, over all configurations of this process. Any thread. */
final class RuleFaults {

    private volatile Sum sum = new Sum(0, null);

    /** From now on requests are routed by {@code snapshot}. What running requests still count at the former is left out. */
    void routedBy(Snapshot snapshot) {
        sum = new Sum(sum.total(), snapshot.routes() instanceof Router router ? router : null);
    }

    /** Never falls. */
    long total() {
        return sum.total();
    }

    private record Sum(long before, Router router) {

        long total() {
            return router == null ? before : before + router.ruleFaults();
        }
    }
}
