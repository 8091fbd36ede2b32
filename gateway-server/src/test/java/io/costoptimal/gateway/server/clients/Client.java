package io.costoptimal.gateway.server.clients;

import java.util.Set;

/** A client that sends one request after the other. One thread. */
interface Client {

    /** Why it cannot be run here; {@code null} when it can. */
    String missing() throws Exception;

    /** What it speaks. */
    Set<Wire> wires();

    /**
     * Sends JSON and reads the answer to its end.
     *
     * @throws Exception when there is no answer, or none that has an end
     */
    Answer post(Endpoint endpoint, String path, String json) throws Exception;

    /**
     * An answer.
     *
     * @param status HTTP status
     * @param http2 whether it came by HTTP/2
     * @param body without codings
     */
    record Answer(int status, boolean http2, String body) {}
}
