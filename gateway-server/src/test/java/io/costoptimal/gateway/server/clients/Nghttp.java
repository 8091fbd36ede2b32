package io.costoptimal.gateway.server.clients;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code nghttp} of nghttp2, which shows all frames. It takes any certificate. */
final class Nghttp implements Client {

    private static final Pattern STATUS = Pattern.compile(":status: (\\d+)");

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

    private static String run(Endpoint endpoint, String path, Path body, String how) throws Exception {
        return Commands.run(
                List.of(
                        "nghttp",
                        how,
                        "--no-verify-peer",
                        "-H",
                        "authorization: Bearer " + endpoint.key(),
                        "-H",
                        "content-type: application/json",
                        "-d",
                        body.toString(),
                        endpoint.url(path)),
                "");
    }
}
