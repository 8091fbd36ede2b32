package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.server.clients.Wire;
import io.costoptimal.gateway.server.simulator.SimulatedProvider;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Every method of every resource of the official clients of Node. The script names each that it found in a client, so that
 * a new version of one shows what is missing; those that have a row there are called in earnest.
 */
class NodeResourcesTest {

    @Test
    void theSimulatedProviderAnswersAllOfThem() throws Exception {
        try (SimulatedProvider provider = SimulatedProvider.start(EveryPath.SETTINGS)) {
            String key = EveryPath.OPENAI_KEY;
            assertEveryMethodWorks(
                    NodeClients.run("resources.mjs", provider.base().toString(), key, key, Wire.PLAIN.name(), "rows"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void theGatewayPassesAllOfThemOn(Wire wire, @TempDir Path folder) throws Exception {
        try (EveryPath server = EveryPath.start(folder)) {
            List<String> lines = NodeClients.run(
                    Map.of("NODE_EXTRA_CA_CERTS", server.trust().file().toString()),
                    "resources.mjs",
                    server.url(wire),
                    EveryPath.OPENAI_KEY,
                    EveryPath.ANTHROPIC_KEY,
                    wire.name(),
                    "all");
            assertEveryMethodWorks(lines);
            assertThat(server.stop()).noneMatch(line -> line.contains("LEAK"));
            assertThat(server.spoken()).containsExactly(EveryPath.spoken(wire));
        }
    }

    @Test
    void objectsAreTheKeysThatMadeThem(@TempDir Path folder) throws Exception {
        try (EveryPath server = EveryPath.startOwned(folder)) {
            List<String> lines = NodeClients.run(
                    "ownership.mjs",
                    server.url(Wire.PLAIN),
                    EveryPath.OPENAI_KEY,
                    EveryPath.OTHER_OPENAI_KEY,
                    EveryPath.ANTHROPIC_KEY,
                    EveryPath.OTHER_ANTHROPIC_KEY);
            assertThat(lines).filteredOn(line -> line.contains("\"error\":")).isEmpty();
            assertThat(lines)
                    .filteredOn(line -> line.contains("\"sdk\":\"openai\"") && line.contains("\"other\":\"refused\""))
                    .hasSizeGreaterThan(70);
            assertThat(lines)
                    .filteredOn(
                            line -> line.contains("\"sdk\":\"anthropic\"") && line.contains("\"other\":\"refused\""))
                    .hasSizeGreaterThan(15);
            assertThat(server.stop()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    private static void assertEveryMethodWorks(List<String> lines) {
        assertThat(lines).filteredOn(line -> line.contains("\"error\":")).isEmpty();
        assertThat(lines)
                .filteredOn(line -> line.contains("\"sdk\":\"openai\"") && line.contains("\"by\":\"row\""))
                .hasSizeGreaterThan(120);
        assertThat(lines)
                .filteredOn(line -> line.contains("\"sdk\":\"anthropic\"") && line.contains("\"by\":\"row\""))
                .hasSizeGreaterThan(30);
    }
}
