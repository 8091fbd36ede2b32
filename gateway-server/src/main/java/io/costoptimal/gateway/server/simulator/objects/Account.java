package io.costoptimal.gateway.server.simulator.objects;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** What one credential has made. Guarded by {@link KeptObjects}, which lets one request at a time in. */
final class Account {

    private static final long MOST_BYTES = 256L << 20;

    private final Map<String, Shelf> shelves = new HashMap<>();
    private final Map<String, byte[]> contents = new LinkedHashMap<>();
    private long bytes;

    /** The shelf for objects made by a POST to {@code path}, such as {@code vector_stores/vs_1/files}. */
    Shelf shelf(String path) {
        return shelves.computeIfAbsent(path, any -> new Shelf());
    }

    /** Keeps what is in the file {@code id}, and forgets the oldest content when all together is too much. */
    void keep(String id, byte[] content) {
        contents.put(id, content);
        bytes += content.length;
        while (bytes > MOST_BYTES && contents.size() > 1) {
            String oldest = contents.keySet().iterator().next();
            bytes -= contents.remove(oldest).length;
        }
    }

    /** What is in the file {@code id}. */
    byte[] content(String id) {
        byte[] content = contents.get(id);
        if (content == null) {
            throw Refusal.unknown("File", id);
        }
        return content;
    }

    void forget(String id) {
        byte[] content = contents.remove(id);
        bytes -= content == null ? 0 : content.length;
    }
}
