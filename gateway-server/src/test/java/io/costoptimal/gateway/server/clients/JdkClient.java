package io.costoptimal.gateway.server.clients;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.EnumSet;
import java.util.Set;

/** {@code java.net.http}, which offers an upgrade to HTTP/2 by {@code Upgrade: h2c} where there is no TLS. */
final class JdkClient implements Client {

    private final HttpClient.Version wanted;
    private final Set<Wire> wires;

    private JdkClient(HttpClient.Version wanted, Set<Wire> wires) {
        this.wanted = wanted;
        this.wires = wires;
    }

    static JdkClient http1() {
        return new JdkClient(HttpClient.Version.HTTP_1_1, EnumSet.of(Wire.PLAIN, Wire.TLS));
    }

    static JdkClient http2() {
        return new JdkClient(HttpClient.Version.HTTP_2, EnumSet.of(Wire.PLAIN, Wire.TLS_HTTP2));
    }

    @Override
    public String missing() {
        return null;
    }

    @Override
    public Set<Wire> wires() {
        return wires;
    }

    @Override
    public Answer post(Endpoint endpoint, String path, String json) throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(wanted)
                .sslContext(endpoint.trust().context())
                .build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.url(path)))
                .header("authorization", "Bearer " + endpoint.key())
                .header("content-type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build();
        HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
        return new Answer(answer.statusCode(), answer.version() == HttpClient.Version.HTTP_2, answer.body());
    }
}
