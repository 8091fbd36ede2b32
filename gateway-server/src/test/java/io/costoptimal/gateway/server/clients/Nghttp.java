package io.costoptimal.gateway.server.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code nghttp} of nghttp2, which shows all frames. It takes any certificate. */
final class Nghttp implements Client {

    private static final Pattern STATUS = Pattern.compile(":status: (\\d+)");

    private final List<String> options;

    /** @param options of the command, beside those that it needs */
    Nghttp(String... options) {
        this.options = List.of(options);
    }

    @Override
    public String missing() throws InterruptedException {
        return Commands.missing("nghttp2-client", "nghttp", "--version");
    }

    @Override
    public Set<Wire> wires() {
        return EnumSet.of(Wire.TLS_HTTP2, Wire.PLAIN_HTTP2);
    }

    @Override
    public Answer post(Endpoint endpoint, String path, String json) throws Exception {
        Path body = Files.writeString(Files.createTempFile("body", ".json"), json);
        try {
            String frames = run(endpoint, path, body, "-nv");
            Matcher status = STATUS.matcher(frames);
            if (!status.find() || frames.contains("RST_STREAM")) {
                throw new AssertionError(frames);
            }
            return new Answer(Integer.parseInt(status.group(1)), true, run(endpoint, path, body, "-y"));
        } finally {
            Files.delete(body);
        }
    }

    private String run(Endpoint endpoint, String path, Path body, String how) throws Exception {
        List<String> command = new ArrayList<>(List.of("nghttp", how, "--no-verify-peer"));
        command.addAll(options);
        command.addAll(List.of("-H", "authorization: Bearer " + endpoint.key()));
        command.addAll(List.of("-H", "content-type: application/json", "-d", body.toString(), endpoint.url(path)));
        return Commands.run(command, "");
    }
}
