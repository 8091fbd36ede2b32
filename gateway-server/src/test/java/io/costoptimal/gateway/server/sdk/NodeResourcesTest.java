package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every method of every resource of the official clients of Node. The script names each that it found in a client, so that
 * a new version of one shows what is missing; those that have a row there are called in earnest.
 */
class NodeResourcesTest {

    @Test
    void theSimulatedProviderAnswersAllOfThem() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(EveryPath.SETTINGS)) {
            String key = EveryPath.OPENAI_KEY;
            assertEveryMethodWorks("resources.mjs", provider.base().toString(), key, key, "h1", "rows");
        }
    }

    @Test
    void theGatewayPassesAllOfThemOn(@TempDir Path folder) throws Exception {
        try (EveryPath server = EveryPath.start(folder)) {
            assertEveryMethodWorks(
                    "resources.mjs", server.url(), EveryPath.OPENAI_KEY, EveryPath.ANTHROPIC_KEY, "h1", "all");
            assertThat(server.stop()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    private static void assertEveryMethodWorks(String script, String... arguments) throws Exception {
        List<String> lines = NodeClients.run(script, arguments);

        assertThat(lines).filteredOn(line -> line.contains("\"error\":")).isEmpty();
        assertThat(lines)
                .filteredOn(line -> line.contains("\"sdk\":\"openai\"") && line.contains("\"by\":\"row\""))
                .hasSizeGreaterThan(120);
        assertThat(lines)
                .filteredOn(line -> line.contains("\"sdk\":\"anthropic\"") && line.contains("\"by\":\"row\""))
                .hasSizeGreaterThan(30);
    }
}
