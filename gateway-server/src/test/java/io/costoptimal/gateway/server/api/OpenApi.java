package io.costoptimal.gateway.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The description of the API, and whether answers are as it says. */
public final class OpenApi {

    private static final String ADDRESS = "https://gateway.test/openapi.json";
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final JsonNode document;
    private final JsonSchemaFactory schemas;

    private OpenApi(String text) throws IOException {
        document = MAPPER.readTree(text);
        schemas = JsonSchemaFactory.getInstance(
                SpecVersion.VersionFlag.V202012,
                builder -> builder.schemaLoaders(loaders -> loaders.schemas(Map.of(ADDRESS, text))));
    }

    /** Reads the one that is served. */
    public static OpenApi read() {
        try (InputStream in = Api.class.getResourceAsStream("openapi.json")) {
            return new OpenApi(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every operation, as {@code GET /usage}. */
    public List<String> operations() {
        List<String> operations = new ArrayList<>();
        document.get("paths")
                .fields()
                .forEachRemaining(path -> path.getValue()
                        .fieldNames()
                        .forEachRemaining(method -> operations.add(method.toUpperCase() + " " + path.getKey())));
        return operations;
    }

    /** Names of the query parameters of an operation. */
    public List<String> parameters(String method, String path) {
        List<String> names = new ArrayList<>();
        document.at("/paths")
                .path(path)
                .path(method.toLowerCase())
                .path("parameters")
                .forEach(parameter -> {
                    if (parameter.get("in").asText().equals("query")) {
                        names.add(parameter.get("name").asText());
                    }
                });
        return names;
    }

    /** Asserts that an answer is one that is described. */
    public void check(String method, String path, int status, String contentType, String body) throws IOException {
        JsonNode answer = resolved(operation(method, path).path("responses").path(Integer.toString(status)));
        assertThat(answer.isMissingNode())
                .as("status %s of %s %s is described", status, method, path)
                .isFalse();
        if (contentType == null || !answer.has("content")) {
            assertThat(body).as("body of %s %s", method, path).isEmpty();
            return;
        }
        String type = contentType.split(";")[0];
        assertThat(answer.get("content").has(type))
                .as("type %s of %s %s is described", type, method, path)
                .isTrue();
        if (type.equals("application/json")) {
            conforms(answer.at("/content/application~1json/schema"), body);
        }
    }

    /** Asserts that {@code json} is a row. */
    public void checkRow(String json) throws IOException {
        conforms(document.at("/components/schemas/Page/properties/data/items"), json);
    }

    private void conforms(JsonNode schema, String json) throws IOException {
        if (!schema.has("$ref")) {
            return;
        }
        Set<ValidationMessage> faults = schemas.getSchema(
                        SchemaLocation.of(ADDRESS + schema.get("$ref").asText()))
                .validate(
                        MAPPER.readTree(json),
                        context -> context.getExecutionConfig().setFormatAssertionsEnabled(true));
        assertThat(faults).as(json).isEmpty();
    }

    private JsonNode operation(String method, String path) {
        JsonNode exact = document.get("paths").path(path).path(method.toLowerCase());
        if (!exact.isMissingNode()) {
            return exact;
        }
        for (String operation : operations()) {
            String template = operation.substring(operation.indexOf(' ') + 1);
            String pattern = Pattern.quote(template).replaceAll("\\{\\w+}", "\\\\E[^/]*\\\\Q");
            if (operation.startsWith(method + " ") && path.matches(pattern)) {
                return document.get("paths").get(template).get(method.toLowerCase());
            }
        }
        throw new AssertionError(method + " " + path + " is not described");
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }
}
