package io.costoptimal.gateway.server.simulator.objects;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** What a request for an object gets. Immutable. */
public sealed interface Given {

    /**
     * A body with a length.
     *
     * @param type its media type
     * @param bytes not to be changed
     */
    record Body(String type, byte[] bytes) implements Given {}

    /**
     * A stream of events.
     *
     * @param events each as it stands on the wire, its blank line included
     */
    record Events(List<byte[]> events) implements Given {}

    /** {@code object} as JSON. */
    static Given json(Map<String, ?> object) {
        return new Body("application/json", Shape.write(object).getBytes(StandardCharsets.UTF_8));
    }

    /** {@code events} as JSON, each with its {@code type} as its name. */
    static Given events(List<Map<String, Object>> events) {
        return new Events(events.stream()
                .map(event -> "event: " + event.get("type") + "\ndata: " + Shape.write(event) + "\n\n")
                .map(event -> event.getBytes(StandardCharsets.UTF_8))
                .toList());
    }
}
