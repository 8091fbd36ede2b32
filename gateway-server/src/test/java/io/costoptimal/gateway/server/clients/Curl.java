package io.costoptimal.gateway.server.clients;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** {@code curl}. */
final class Curl implements Client {

    @Override
    public String missing() throws InterruptedException {
        return Commands.missing("curl", "curl", "--version");
    }

    @Override
    public Set<Wire> wires() {
        return EnumSet.allOf(Wire.class);
    }

    @Override
    public Answer post(Endpoint endpoint, String path, String json) throws Exception {
        String protocol = switch (endpoint.wire()) {
            case PLAIN, TLS -> "--http1.1";
            case TLS_HTTP2 -> "--http2";
            case PLAIN_HTTP2 -> "--http2-prior-knowledge";
        };
        String output = Commands.run(
                List.of(
                        "curl",
                        "-sS",
                        protocol,
                        "--cacert",
                        endpoint.trust().file().toString(),
                        "-H",
                        "Authorization: Bearer " + endpoint.key(),
                        "-H",
                        "Content-Type: application/json",
                        "--data-binary",
                        "@-",
                        "-w",
                        "\n%{http_code} %{http_version}",
                        endpoint.url(path)),
                json);
        int end = output.lastIndexOf('\n');
        String[] said = output.substring(end + 1).split(" ");
        return new Answer(Integer.parseInt(said[0]), said[1].equals("2"), output.substring(0, end));
    }
}
