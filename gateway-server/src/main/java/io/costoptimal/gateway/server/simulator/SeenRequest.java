package io.costoptimal.gateway.server.simulator;

import java.util.List;
import java.util.Map;

/**
 * A request as it arrived.
 *
 * @param method HTTP method
 * @param uri path and query, byte for byte
 * @param headers in order, names in the case they came in
 * @param body without transfer coding; not to be changed
 */
public record SeenRequest(String method, String uri, List<Map.Entry<String, String>> headers, byte[] body) {

    /** The first value of {@code name}, in any case; {@code null} when there is none. */
    public String header(String name) {
        for (Map.Entry<String, String> header : headers) {
            if (header.getKey().equalsIgnoreCase(name)) {
                return header.getValue();
            }
        }
        return null;
    }
}
