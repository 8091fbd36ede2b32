package io.costoptimal.gateway.server.simulator.objects;

import java.util.Map;
import java.util.function.Function;

/**
 * A kind of object with the usual operations: made by POST, read by GET, listed, changed by POST and deleted.
 *
 * @param template the path it is made at, such as {@code vector_stores/{vector_store_id}/files}
 * @param what as errors call it
 * @param deleted the {@code object} of what answers a DELETE
 */
record Kind(String template, String what, String deleted) {

    Kind rows(Rows rows, Function<Call, Map<String, Object>> maker) {
        made(rows, maker);
        rows.on("GET", template, call -> Page.of(call, parent(call)));
        rows.on("GET", template + "/{id}", call -> Given.json(get(call)));
        rows.on("DELETE", template + "/{id}", this::delete);
        return this;
    }

    /** Objects that a POST to their own path changes. */
    Kind changed(Rows rows) {
        rows.on("POST", template + "/{id}", this::change);
        return this;
    }

    /** Only the row that makes one. */
    Kind made(Rows rows, Function<Call, Map<String, Object>> maker) {
        rows.on("POST", template, call -> Given.json(parent(call).put(maker.apply(call))));
        return this;
    }

    /** Where {@code call}'s objects are; what they belong to has to exist. */
    Shelf parent(Call call) {
        int segments = template.split("/").length;
        if (segments > 2) {
            call.shelf(segments - 2).get(what, call.path().get(segments - 2));
        }
        return call.shelf(segments);
    }

    Map<String, Object> get(Call call) {
        return parent(call).get(what, call.at("id"));
    }

    /** The same with the content of each deleted one. Before {@link #rows}, for the first row that matches counts. */
    Kind withContent(Rows rows) {
        rows.on("DELETE", template + "/{id}", call -> {
            Given answer = delete(call);
            call.account().forget(call.at("id"));
            return answer;
        });
        rows.on("GET", template + "/{id}/content", call -> {
            get(call);
            return new Given.Body("application/octet-stream", call.account().content(call.at("id")));
        });
        return this;
    }

    private Given change(Call call) {
        Map<String, Object> object = get(call);
        object.putAll(call.json());
        return Given.json(object);
    }

    private Given delete(Call call) {
        Map<String, Object> object = parent(call).remove(what, call.at("id"));
        return Given.json(Shape.of("id", object.get("id"), "object", deleted, "deleted", true));
    }
}
