package io.costoptimal.gateway.server.simulator.objects;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Objects of one kind that belong to one credential, in the order they were made. Guarded by its {@link Account}. */
final class Shelf {

    private static final int MOST = 1000;

    private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();

    /** Keeps {@code object} under its {@code id}, and forgets the oldest when there are too many. */
    Map<String, Object> put(Map<String, Object> object) {
        if (objects.size() == MOST) {
            objects.remove(objects.keySet().iterator().next());
        }
        objects.put((String) object.get("id"), object);
        return object;
    }

    /** The object called {@code id}. */
    Map<String, Object> get(String what, String id) {
        Map<String, Object> object = objects.get(id);
        if (object == null) {
            throw Refusal.unknown(what, id);
        }
        return object;
    }

    boolean has(String id) {
        return objects.containsKey(id);
    }

    Map<String, Object> remove(String what, String id) {
        Map<String, Object> object = get(what, id);
        objects.remove(id);
        return object;
    }

    /** All of them, the oldest first. */
    List<Map<String, Object>> all() {
        return new ArrayList<>(objects.values());
    }

    /** All of them, the newest first unless {@code order} is {@code asc}. */
    List<Map<String, Object>> all(String order) {
        List<Map<String, Object>> all = all();
        if (!"asc".equals(order)) {
            Collections.reverse(all);
        }
        return all;
    }
}
