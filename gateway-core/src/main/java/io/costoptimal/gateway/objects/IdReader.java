package io.costoptimal.gateway.objects;

import io.netty.buffer.ByteBuf;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteArrayFeeder;
import tools.jackson.core.json.JsonFactory;

/**
 * Finds the ids of new objects in a document that arrives in pieces. Confined to one thread.
 *
 * <p>Only certain places count: an answer repeats what its client has sent (metadata, schemas, attributes), and nobody must
 * come to own an object by writing its id there.
 */
final class IdReader {

    private static final JsonFactory JSON = JsonFactory.builder().build();

    /** Members deeper than these are passed by. */
    private static final int DEEPEST = 3;

    private final JsonParser parser = JSON.createNonBlockingByteArrayParser(ObjectReadContext.empty());
    private final ByteArrayFeeder feeder = (ByteArrayFeeder) parser.nonBlockingInputFeeder();
    private final boolean others;
    private final Consumer<String> found;

    /** By depth, the member that is open, and whether it is a list. */
    private final String[] names = new String[DEEPEST + 1];

    private final boolean[] lists = new boolean[DEEPEST + 1];
    private int depth;
    private boolean finished;

    /** @param others whether the document names other objects beside its own */
    IdReader(boolean others, Consumer<String> found) {
        this.others = others;
        this.found = found;
    }

    /** Whether nothing more is to be found. */
    boolean finished() {
        return finished;
    }

    /** Reads bytes of {@code buf}, borrowed. */
    void read(ByteBuf buf, int index, int length) {
        byte[] bytes = new byte[length];
        buf.getBytes(index, bytes);
        read(bytes);
    }

    /** Reads {@code bytes}. What is no JSON has no ids. */
    void read(byte[] bytes) {
        try {
            feeder.feedInput(bytes, 0, bytes.length);
            JsonToken token = parser.nextToken();
            while (token != null && token != JsonToken.NOT_AVAILABLE && !finished) {
                take(token);
                token = parser.nextToken();
            }
        } catch (JacksonException noJson) {
            finished = true;
        }
        if (finished) {
            parser.close();
        }
    }

    private void take(JsonToken token) {
        if (token.isStructStart()) {
            depth++;
            if (depth <= DEEPEST) {
                lists[depth] = token == JsonToken.START_ARRAY;
                names[depth] = null;
            }
        } else if (token.isStructEnd()) {
            depth--;
            finished = depth == 0;
        } else if (depth <= DEEPEST) {
            if (token == JsonToken.PROPERTY_NAME) {
                names[depth] = parser.currentName();
            } else if (token == JsonToken.VALUE_STRING && counts()) {
                found.accept(parser.getString());
                finished = !others;
            }
        }
    }

    private boolean counts() {
        if (depth == 1) {
            return "id".equals(names[1])
                    || others && ("output_file_id".equals(names[1]) || "error_file_id".equals(names[1]));
        }
        if (depth == 2) {
            return lists[2] ? others && "result_files".equals(names[1]) : countsBelow(names[1], names[2]);
        }
        return others && lists[2] && "output".equals(names[1]) && isOfItem(names[3]);
    }

    /** The response of an event, an item of one, or the file that an upload has become. */
    private boolean countsBelow(String member, String name) {
        return "response".equals(member) && "id".equals(name)
                || "item".equals(member) && isOfItem(name)
                || others && "file".equals(member) && "id".equals(name);
    }

    /** An item has an id, and perhaps the container that a tool ran in. */
    private static boolean isOfItem(String name) {
        return "id".equals(name) || "container_id".equals(name);
    }
}
