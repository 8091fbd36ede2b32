package io.costoptimal.gateway.load;

import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;

/** The simulated provider as a process of its own, so that its CPU and garbage are not the client's. */
public final class Provider {

    private Provider() {}

    /** Serves on the port named by the only argument until it is stopped. */
    public static void main(String[] args) throws IOException, InterruptedException {
        SimulatedProvider.start(SimulatorSettings.DEFAULTS.onPort(Integer.parseInt(args[0])));
        new CountDownLatch(1).await();
    }
}
