package io.costoptimal.gateway.server.simulator.objects;

import java.util.List;
import java.util.Map;

/**
 * One request for objects, whole. Immutable.
 *
 * @param path what stands behind the API's root, in segments, decoded
 * @param parameters what stands in the gaps of the row that matched
 * @param query the parameters behind the question mark, decoded
 * @param sent what was sent
 * @param account whose objects it is about
 */
record Call(List<String> path, Map<String, String> parameters, Map<String, String> query, Sent sent, Account account) {

    /**
     * What was sent.
     *
     * @param contentType {@code null} when the request does not say
     * @param body not to be changed
     */
    record Sent(String contentType, byte[] body) {}

    /** What stands in the gap {@code name}. */
    String at(String name) {
        return parameters.get(name);
    }

    /** The body as JSON. */
    Map<String, Object> json() {
        return Shape.read(sent.body);
    }

    /** Whether the body is a form. */
    boolean isForm() {
        return sent.contentType != null && sent.contentType.startsWith("multipart/form-data");
    }

    /** The body as a form. */
    Form form() {
        return Form.read(String.valueOf(sent.contentType), sent.body);
    }

    /** The member {@code name} of a JSON body, or the field of a form. */
    Object member(String name) {
        return isForm() ? form().text(name, null) : json().get(name);
    }

    /** The text {@code name} of the body, or {@code fallback}. */
    String text(String name, String fallback) {
        return member(name) instanceof String text ? text : fallback;
    }

    /** Whether the body asks for a stream. */
    boolean streams() {
        return "true".equals(String.valueOf(member("stream")));
    }

    /** The first {@code segments} of the path. */
    String path(int segments) {
        return String.join("/", path.subList(0, segments));
    }

    /** The shelf for what is made at the first {@code segments} of the path. */
    Shelf shelf(int segments) {
        return account.shelf(path(segments));
    }

    /** The file that the member {@code name} names, which has to be this account's. */
    Map<String, Object> file(Object id) {
        return account.shelf("files").get("File", String.valueOf(id));
    }
}
