package io.costoptimal.gateway.server.admin;

import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;
import java.util.Map;

/**
 * One question to the operators' listener. Immutable.
 *
 * @param head what is known before the body
 * @param variables what stands in the path where the route has {@code {name}}, decoded
 * @param key name of the key that the client came in by; {@code null} where none is needed
 * @param body empty for most
 */
public record Request(Head head, Map<String, String> variables, String key, byte[] body) {

    /**
     * A request without its body.
     *
     * @param method as sent
     * @param path decoded no further than it was sent, without the query
     * @param query the values of each parameter, decoded, in their order
     * @param headers as sent
     * @param peer where the connection comes from and where it ends
     */
    public record Head(String method, String path, Map<String, List<String>> query, HttpHeaders headers, Peer peer) {}

    /**
     * The two ends of the connection.
     *
     * @param client IP address of the client, or of a proxy before us
     * @param own IP address that the client reached us at, IPv6 in the form of RFC 5952; {@code null} for a file
     * @param loopback whether nobody can have come over a network
     */
    public record Peer(String client, String own, boolean loopback) {

        /** Somebody who may write to the file of a Unix domain socket. */
        static final Peer BY_FILE = new Peer("unix:", null, true);
    }

    /** The values of a header field, joined as RFC 9110, 5.2 allows; {@code null} without any. */
    public String header(String name) {
        List<String> values = head.headers().getAll(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }
}
