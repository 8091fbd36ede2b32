package io.costoptimal.gateway.server.admin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the operators' listener answers. Immutable.
 *
 * @param status of HTTP
 * @param contentType of the body; {@code null} when there is none
 * @param fields further header fields; they go over those that every answer has
 * @param body whole in memory; empty when {@code stream} is there
 * @param stream writes the body piece by piece; {@code null} when it is in {@code body}
 */
public record Answer(int status, String contentType, Map<String, String> fields, byte[] body, Stream stream) {

    private static final String JSON = "application/json";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final byte[] NOTHING = {};

    /** Writes a body of any length. Runs on the thread of its route. */
    @FunctionalInterface
    public interface Stream {

        /**
         * Writes the body.
         *
         * @param out waits while the client is slow; throws when the client has left, or has taken nothing for a minute
         * @throws IOException ends the connection, so that nobody takes what was written for the whole
         * @throws Refused the same, or, if nothing was sent yet, says why to the client
         */
        void writeTo(OutputStream out) throws IOException, Refused;
    }

    /** An answer whose body is whole. */
    public static Answer of(int status, String contentType, byte[] body) {
        return new Answer(status, contentType, Map.of(), body, null);
    }

    /** A JSON document. */
    public static Answer json(byte[] body) {
        return of(200, JSON, body);
    }

    /** A line of text. */
    public static Answer text(int status, String body) {
        return of(status, TEXT, body.getBytes(StandardCharsets.UTF_8));
    }

    /** No body at all. */
    public static Answer empty(int status) {
        return of(status, null, NOTHING);
    }

    /** A body of any length, with status 200. If nothing was written before it fails, the client gets an error instead. */
    public static Answer stream(String contentType, Stream stream) {
        return new Answer(200, contentType, Map.of(), NOTHING, stream);
    }

    /** The same answer with one more header field. */
    public Answer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(fields);
        more.put(name, value);
        return new Answer(status, contentType, more, body, stream);
    }
}
