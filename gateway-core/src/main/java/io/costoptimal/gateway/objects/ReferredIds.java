package io.costoptimal.gateway.objects;

import io.costoptimal.gateway.exchange.ReferringNames;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufInputStream;
import java.io.InputStream;
import java.util.Set;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds what a JSON body refers to, wherever the APIs have it. Confined to one thread; one for each body.
 *
 * <p>An id is taken from each member that has one of the {@link ReferringNames}, duplicates included, and in whatever escapes it
 * is written. What is the client's own (arguments of tools, schemas, metadata) refers to nothing, whatever its members are called.
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

    /** Members of the body's own object whose elements are items of a response or a conversation. */
    private static final Set<String> LISTS_OF_ITEMS = Set.of("input", "items");

    /** Types of a {@code source} that stand for what all keys have made: evals take it from there. */
    private static final Set<String> EVERYBODYS = Set.of("responses", "stored_completions");

    private static final String SOURCE = "source";

    private final JsonParser parser;
    private final Referred found;

    private ReferredIds(JsonParser parser, Referred found) {
        this.parser = parser;
        this.found = found;
    }

    /**
     * Adds to {@code found} what {@code body} refers to, in its order.
     *
     * @param body one JSON object, found to be valid; borrowed
     */
    static void in(ByteBuf body, Referred found) {
        InputStream bytes = new ByteBufInputStream(body.duplicate());
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            ReferredIds ids = new ReferredIds(parser, found);
            parser.nextToken();
            ids.object("", null);
        }
    }

    /**
     * Reads the object whose brace is the present token; returns whether it is empty.
     *
     * @param member the name that it has
     * @param item told of its members; {@code null} when it is no item
     */
    private boolean object(String member, ReferredItem item) {
        String id = null;
        String type = "";
        boolean empty = true;
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            empty = false;
            String name = ReferringNames.folded(parser.currentName());
            JsonToken value = parser.nextToken();
            if (value == JsonToken.VALUE_STRING && name.equals("id")) {
                id = parser.getString();
                refer(ReferringNames.haveId(member) || ReferringNames.isReference(type), id);
                if (item != null) {
                    item.id(id);
                }
            } else if (value == JsonToken.VALUE_STRING && name.equals("type")) {
                type = parser.getString();
                refer(id != null && ReferringNames.isReference(type), id);
                if (item != null) {
                    item.type(type);
                }
                if (member.equals(SOURCE) && EVERYBODYS.contains(type)) {
                    found.everybodys().add(type);
                }
            } else {
                boolean nothing = value(name, value);
                if (item != null) {
                    item.member(name, nothing);
                }
            }
        }
        return empty;
    }

    /** Returns whether the value is nothing, or an empty string, array or object. */
    private boolean value(String name, JsonToken value) {
        if (ReferringNames.isOpaque(name) || value.isStructStart() && name.equals("input") && isOfTool()) {
            parser.skipChildren();
            return value == JsonToken.VALUE_NULL;
        }
        if (value == JsonToken.START_OBJECT) {
            return object(name, null);
        }
        if (value == JsonToken.START_ARRAY) {
            boolean items = LISTS_OF_ITEMS.contains(name)
                    && parser.streamReadContext().getParent().getParent().inRoot();
            return elements(name, items);
        }
        if (value == JsonToken.VALUE_STRING) {
            String text = parser.getString();
            refer(ReferringNames.refers(name), text);
            return text.isEmpty();
        }
        return true;
    }

    /** Returns whether the array is empty whose bracket is the present token. */
    private boolean elements(String name, boolean items) {
        boolean empty = true;
        for (JsonToken each = parser.nextToken(); each != JsonToken.END_ARRAY; each = parser.nextToken()) {
            empty = false;
            if (each == JsonToken.START_ARRAY) {
                elements(name, items);
            } else if (each == JsonToken.START_OBJECT) {
                ReferredItem item = items ? new ReferredItem() : null;
                object("", item);
                if (item != null) {
                    item.addTo(found);
                }
            } else if (each == JsonToken.VALUE_STRING) {
                refer(ReferringNames.refers(name), parser.getString());
            }
        }
        return empty;
    }

    /** Whether the present value is what a tool was called with: below the body's own object, {@code input} is the client's. */
    private boolean isOfTool() {
        return parser.currentToken() == JsonToken.START_OBJECT
                && !parser.streamReadContext().getParent().getParent().inRoot();
    }

    private void refer(boolean refers, String id) {
        if (refers && !id.isEmpty()) {
            found.ids().add(id);
        }
    }
}
