package io.costoptimal.gateway.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import io.costoptimal.gateway.server.cli.InitCommand;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What editors are told of the configuration is what is read. */
class ConfigSchemaTest {

    private static final JsonSchema SCHEMA =
            JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(ConfigSchema.json());

    @Test
    void theCommittedSchemaIsTheOneOfTheTable() throws IOException {
        assertThat(Files.readString(root().resolve("config.schema.json")))
                .as("to write it anew: bin/gateway schema > config.schema.json")
                .isEqualTo(ConfigSchema.json());
    }

    @Test
    void acceptsEveryConfigurationOfTheProject() throws IOException {
        assertThat(faults(Files.readString(root().resolve("config.example.yaml"))))
                .isEmpty();
        assertThat(faults(resource(ConfigSchemaTest.class, "full.yaml"))).isEmpty();
        assertThat(faults(resource(InitCommand.class, "starter.yaml"))).isEmpty();
        assertThat(faults(resource(InitCommand.class, "demo.yaml"))).isEmpty();
    }

    @Test
    void namesEveryKeyWithItsMeaning() {
        Format.everything()
                .values()
                .forEach(setting -> assertThat(ConfigSchema.json())
                        .contains(
                                "\"" + setting.name() + "\": {",
                                setting.about().meaning().replace("\"", "\\\"")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "modles: []",
                "debug: yes please",
                "limits: {json_depth: 0}",
                "limits: {body: 32 megabytes}",
                "timeouts: {connect: -1s}",
                "transport: uring",
                "retry_on: [never]",
                "models: [{providers: [a]}]",
                "models: [{model: m, rule: x}]",
                "models: {m: a}",
                "default_provider: [a]",
            })
    void refusesWhatTheReaderRefuses(String line) throws IOException {
        assertThat(faults(Configs.LEAST + line + "\n")).isNotEmpty();
        assertThat(Configs.problems(Configs.LEAST + line + "\n")).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "debug: ${DEBUG:-true}",
                "limits: {json_depth: \"${DEPTH:-20}\"}",
                "retry_on: 429",
                "retry_on: [timeout, 503]",
                "timeouts: {connect: 5}",
                "admin:",
                "models: [{model: m, rules: [{rule: true, providers: {a: x}}]}]",
            })
    void acceptsWhatTheReaderAccepts(String line) throws IOException {
        assertThat(faults(Configs.LEAST + line + "\n")).isEmpty();
        assertThat(Configs.problems(Configs.LEAST + line + "\n")).isEmpty();
    }

    private static Set<ValidationMessage> faults(String yaml) throws IOException {
        JsonNode tree = new YAMLMapper().readTree(yaml);
        return SCHEMA.validate(tree);
    }

    private static String resource(Class<?> near, String name) throws IOException {
        try (InputStream in = near.getResourceAsStream(name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The folder of the whole project, from wherever the tests run. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("config.example.yaml"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
