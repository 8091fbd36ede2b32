package io.costoptimal.gateway.objects;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * The ids of objects that a JSON body refers to, wherever the APIs have them. Confined to one thread; one for each body.
 *
 * <p>An id is taken from each member that has one of the names here, duplicates included, and in whatever escapes it is written. What
 * is the client's own (arguments of tools, schemas, metadata) refers to nothing, whatever its members are called.
 */
final class ReferredIds {

    /** The body was found to be valid and has its limits; Jackson's own would be others. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(Integer.MAX_VALUE)
                    .maxNameLength(Integer.MAX_VALUE)
                    .maxNumberLength(Integer.MAX_VALUE)
                    .maxStringLength(Integer.MAX_VALUE)
                    .build())
            .build();

    /** Members whose value is an id, or a list of them. */
    private static final Set<String> NAMES = Set.of(
            "batch_id",
            "container",
            "container_id",
            "conversation",
            "conversation_id",
            "eval_id",
            "file_id",
            "file_ids",
            "input_file_id",
            "previous_response_id",
            "response_id",
            "training_file",
            "upload_id",
            "validation_file",
            "vector_store_id",
            "vector_store_ids",
            "video_id");

    /** Members whose value may be an object that has the id. */
    private static final Set<String> WITH_ID = Set.of("container", "conversation");

    /** Types of objects that refer by their {@code id}. */
    private static final Set<String> TYPES = Set.of("file_id", "item_reference");

    /** Members of which nothing below refers to anything. */
    private static final Set<String> OPAQUE =
            Set.of("arguments", "input_schema", "json_schema", "metadata", "parameters", "schema");

    private final JsonParser parser;
    private final Set<String> ids = new LinkedHashSet<>();

    private ReferredIds(JsonParser parser) {
        this.parser = parser;
    }

    /**
     * All ids of {@code body}, in their order.
     *
     * @param body one JSON object, found to be valid; borrowed
     */
    static Set<String> in(ByteBuf body) {
        InputStream bytes = new ByteBufInputStream(body.duplicate());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            ReferredIds found = new ReferredIds(parser);
            parser.nextToken();
            found.object("");
            return found.ids;
        }
    }

    /**
     * Reads the object whose brace is the present token.
     *
     * @param member the name that it has
     */
    private void object(String member) {
        String id = null;
        String type = "";
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING && name.equals("id")) {
                id = parser.getString();
                refer(WITH_ID.contains(member) || TYPES.contains(type), id);
            } else if (value == JsonToken.VALUE_STRING && name.equals("type")) {
                type = parser.getString();
                refer(id != null && TYPES.contains(type), id);
            } else {
                value(name, value);
            }
        }
    }

    private void value(String name, JsonToken value) {
        if (OPAQUE.contains(name) || value.isStructStart() && name.equals("input") && isOfTool()) {
            parser.skipChildren();
        } else if (value == JsonToken.START_OBJECT) {
            object(name);
        } else if (value == JsonToken.START_ARRAY) {
            elements(name);
        } else if (value == JsonToken.VALUE_STRING) {
            refer(NAMES.contains(name), parser.getString());
        }
    }

    private void elements(String name) {
        for (JsonToken each = parser.nextToken(); each != JsonToken.END_ARRAY; each = parser.nextToken()) {
            if (each == JsonToken.START_ARRAY) {
                elements(name);
            } else if (each == JsonToken.START_OBJECT) {
                object("");
            } else if (each == JsonToken.VALUE_STRING) {
                refer(NAMES.contains(name), parser.getString());
            }
        }
    }

    /** Whether the present value is what a tool was called with: below the body's own object, {@code input} is the client's. */
    private boolean isOfTool() {
        return parser.currentToken() == JsonToken.START_OBJECT
                && !parser.streamReadContext().getParent().getParent().inRoot();
    }

    private void refer(boolean refers, String id) {
        if (refers && !id.isEmpty()) {
            ids.add(id);
        }
    }
}
