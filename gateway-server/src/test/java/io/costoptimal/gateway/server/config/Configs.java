package io.costoptimal.gateway.server.config;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Loads configurations from texts. */
final class Configs {

    /** Two lines that are all a configuration needs, so that what follows begins in line 3. */
    static final String LEAST = """
            api_keys: [secret-of-a]
            providers: [{id: a, base_url: http://a.test/v1}, {id: b, base_url: http://b.test/v1}]
            """;

    private Configs() {}

    static GatewayConfig load(String yaml, Map<String, String> environment) {
        try {
            return ConfigFile.parse("gateway.yaml", yaml.getBytes(StandardCharsets.UTF_8), Path.of(""), environment);
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
    }

    static GatewayConfig load(String yaml) {
        return load(yaml, Map.of());
    }

    /** What is wrong with {@code yaml}, as it is printed. */
    static List<String> problems(byte[] yaml, Map<String, String> environment) {
        try {
            ConfigFile.parse("gateway.yaml", yaml, Path.of(""), environment);
            return List.of();
        } catch (ConfigException e) {
            return e.problems().stream().map(Problem::toString).toList();
        }
    }

    /** What {@code yaml} is warned of, as it is printed. */
    static List<String> warnings(String yaml, Map<String, String> environment) {
        List<String> warnings = new ArrayList<>();
        try {
            ConfigFile.parse(
                    "gateway.yaml",
                    yaml.getBytes(StandardCharsets.UTF_8),
                    Path.of(""),
                    environment,
                    warning -> warnings.add(warning.toString()));
        } catch (ConfigException e) {
            throw new AssertionError(e.getMessage(), e);
        }
        return warnings;
    }

    static List<String> problems(String yaml) {
        return problems(yaml.getBytes(StandardCharsets.UTF_8), Map.of());
    }
}
