package io.costoptimal.gateway.server.config;

import static io.costoptimal.gateway.server.config.Configs.LEAST;
import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PathRouteTest {

    @Test
    void entriesAreReadInTheirOrder() {
        GatewayConfig config = Configs.load(LEAST
                + "routes:\n"
                + "  - {paths: ['/v1/files/*', /v1/batches], provider: a}\n"
                + "  - {paths: [/tokenize], methods: [POST], provider: b, keys: [key-1], share_objects: true}\n");

        assertThat(config.routing().table().paths())
                .containsExactly(
                        new PathRoute(
                                List.of(new PathPattern("/v1/files/*"), new PathPattern("/v1/batches")),
                                Set.of(),
                                config.routing().providers().get("a"),
                                Set.of(),
                                false),
                        new PathRoute(
                                List.of(new PathPattern("/tokenize")),
                                Set.of("POST"),
                                config.routing().providers().get("b"),
                                Set.of("key-1"),
                                true));
        assertThat(config.snapshot().operations().at("/tokenize").allowed()).isEqualTo("POST");
        assertThat(config.routing().table().providers()).containsOnlyKeys("a", "b");
    }

    @Test
    void withoutEntriesTheTableIsTheStandardOne() {
        assertThat(Configs.load(LEAST).snapshot().operations().at("/tokenize")).isNull();
        assertThat(Configs.load(LEAST).routing().table().paths()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "routes: [{provider: a}] | 3:10: missing key: paths",
                "routes: [{paths: [], provider: a}] | 3:18: paths: ",
                "routes: [{paths: [v1], provider: a}] | 3:19: paths: v1 (expected: a path such as /v1/files/*",
                "routes: [{paths: ['/v1/../x'], provider: a}] | 3:19: paths: /v1/../x (expected: a path such as",
                "routes: [{paths: ['/openai/files'], provider: a}] | 3:19: paths: /openai/files (expected: the path as the public API",
                "routes: [{paths: [/x], provider: c}] | 3:34: unknown provider: c",
                "routes: [{paths: [/x]}] | 3:10: nothing serves these paths (expected: provider, or a default_provider)",
                "routes: [{paths: [/x], provider: a, keys: [who]}] | 3:44: keys: unknown key: who",
                "routes: [{paths: [/x], provider: a, keys: []}] | 3:43: keys: a list (expected: at least one item",
                "routes: [{paths: [/x], provider: a, methods: [get]}] | 3:47: methods: get (expected: a method in upper case",
                "routes: [{paths: [/x], provider: a, methods: [TRACE]}] | 3:47: methods: TRACE (expected: a method in upper case",
                "routes: [{paths: [/x], provider: a, share_objects: 1}] | 3:52: share_objects: 1 (expected: true or false)",
            })
    void whatIsWrongIsToldWithItsPlace(String text, String problem) {
        assertThat(Configs.problems(LEAST + text + "\n"))
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:" + problem);
    }

    @Test
    void anEntryForWhatTheGatewayAnswersItselfIsWarnedOf() {
        assertThat(Configs.warnings(LEAST + "routes: [{paths: [/v1/models], provider: a}]\n", Map.of()))
                .singleElement()
                .asString()
                .contains("the gateway answers /v1/models itself");
    }
}
