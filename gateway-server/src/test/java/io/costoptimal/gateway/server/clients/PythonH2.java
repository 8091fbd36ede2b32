package io.costoptimal.gateway.server.clients;

import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** A client over Python's {@code h2}, which checks every frame against RFC 9113. */
final class PythonH2 implements Client {

    private static final String PYTHON = "/usr/bin/python3";
    private static final Path SCRIPT = Path.of("src", "test", "python", "h2client.py");

    @Override
    public String missing() throws InterruptedException {
        return Commands.missing("python3-h2", PYTHON, "-c", "import h2");
    }

    @Override
    public Set<Wire> wires() {
        return EnumSet.of(Wire.TLS_HTTP2, Wire.PLAIN_HTTP2);
    }

    @Override
    public Answer post(Endpoint endpoint, String path, String json) throws Exception {
        String output = Commands.run(
                List.of(
                        PYTHON,
                        SCRIPT.toString(),
                        Integer.toString(endpoint.port()),
                        path,
                        endpoint.key(),
                        endpoint.wire().tls() ? endpoint.trust().file().toString() : ""),
                json);
        int end = output.indexOf('\n');
        return new Answer(Integer.parseInt(output.substring(0, end)), true, output.substring(end + 1));
    }
}
