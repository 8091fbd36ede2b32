package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import io.costoptimal.gateway.server.simulator.SimulatorSettings;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every method of every resource of the official clients of Node. The script names each that it found in a client, so that
 * a new version of one shows what is missing; those that have a row there are called in earnest.
 */
class NodeResourcesTest {

    @Test
    void theSimulatedProviderAnswersAllOfThem() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(SimulatorSettings.DEFAULTS.offering(
                List.of("gpt-4o", "claude-sonnet-4-5", "text-embedding-3-small")))) {
            assertEveryMethodWorks(provider.base().toString());
        }
    }

    private static void assertEveryMethodWorks(String url) throws Exception {
        List<String> lines = NodeClients.run("resources.mjs", url, RealServer.KEY, RealServer.KEY, "h1", "all");

        assertThat(lines).filteredOn(line -> line.contains("\"error\":")).isEmpty();
        assertThat(lines)
                .filteredOn(line -> line.contains("\"sdk\":\"openai\"") && line.contains("\"by\":\"row\""))
                .hasSizeGreaterThan(120);
        assertThat(lines)
                .filteredOn(line -> line.contains("\"sdk\":\"anthropic\"") && line.contains("\"by\":\"row\""))
                .hasSizeGreaterThan(30);
    }
}
