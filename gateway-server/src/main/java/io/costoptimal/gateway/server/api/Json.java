package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.server.admin.Answer;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes JSON. Stateless. */
final class Json {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamWriteFeature.AUTO_CLOSE_CONTENT)
            .build();

    private Json() {}

    /** A generator in UTF-8. Closing it leaves {@code out} open. */
    static JsonGenerator to(OutputStream out) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), out);
    }

    /** An answer that is one object, whose members {@code members} writes. */
    static Answer object(Consumer<JsonGenerator> members) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = to(out)) {
            json.writeStartObject();
            members.accept(json);
            json.writeEndObject();
        }
        out.write('\n');
        return Answer.json(out.toByteArray());
    }

    /** An answer whose member {@code data} is a list of what {@code items} writes. */
    static Answer list(Consumer<JsonGenerator> items) {
        return object(json -> {
            json.writeArrayPropertyStart("data");
            items.accept(json);
            json.writeEndArray();
        });
    }

    /** A number that may be absent: {@code null} in place of a negative one. */
    static void number(JsonGenerator json, String name, long value) {
        if (value < 0) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, value);
        }
    }
}
