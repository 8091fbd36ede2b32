package io.costoptimal.gateway.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import io.netty.channel.epoll.Epoll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class PacedClientTest {

    @Test
    void countsAndTimesWhatIsAnswered() throws Exception {
        Assumptions.assumeTrue(Epoll.isAvailable() && Stack.onPath("taskset"), "the harness is for Linux");
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.onPort(0))) {
            int port = provider.base().getPort();
            byte[] request = StreamRounds.call(port, "application/json", "", Bodies.request(1024, false));
            try (PacedClient client = new PacedClient(port, request, 500)) {
                client.start();
                PacedClient.Result result = client.measure(1);

                assertThat(result.answers()).isPositive();
                assertThat(result.p50()).isPositive().isLessThanOrEqualTo(result.p99());
                assertThat(result.connections()).isBetween(1, 256);
            }
        }
    }
}
