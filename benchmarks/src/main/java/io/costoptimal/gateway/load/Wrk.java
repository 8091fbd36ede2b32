package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Drives one proxy with {@code wrk}, from the core the proxy is not on. */
final class Wrk implements RequestLoad {

    private static final Pattern DONE =
            Pattern.compile("GATEWAY (\\d+) requests (\\d+) micros p50 (\\d+) p99 (\\d+) errors (\\d+)");

    private final Path script;
    private final String scheme;

    /**
     * @param folder where the script is written
     * @param body sent with every request
     * @param key presented as a bearer token
     */
    Wrk(Path folder, String body, String key) throws IOException {
        scheme = "http";
        script = folder.resolve("post-" + body.length() + ".lua");
        Path bodyFile = folder.resolve("body-" + body.length() + ".json");
        Files.writeString(bodyFile, body);
        Files.writeString(script, """
                local file = io.open("%s", "rb")
                wrk.method = "POST"
                wrk.body = file:read("*a")
                wrk.path = "/v1/chat/completions"
                wrk.headers["Content-Type"] = "application/json"
                wrk.headers["Authorization"] = "Bearer %s"
                wrk.headers["Accept"] = "application/json"
                wrk.headers["User-Agent"] = "OpenAI/Python 3.22.1"
                function done(summary, latency, requests)
                  local e = summary.errors
                  io.write(string.format("GATEWAY %%d requests %%d micros p50 %%d p99 %%d errors %%d\\n",
                    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
                    e.connect + e.read + e.write + e.status + e.timeout))
                end
                """.formatted(bodyFile, key));
    }

    private Wrk(Path script, String scheme) {
        this.script = script;
        this.scheme = scheme;
    }

    /** The same load over TLS. */
    Wrk overTls() {
        return new Wrk(script, "https");
    }

    static boolean present() {
        return Stack.onPath("wrk");
    }

    @Override
    public Result run(int port, int connections, int seconds, int core) throws IOException {
        Process process = new ProcessBuilder(List.of(
                        "taskset",
                        "-c",
                        Integer.toString(core),
                        "wrk",
                        "-t1",
                        "-c" + connections,
                        "-d" + seconds + "s",
                        "-s",
                        script.toString(),
                        scheme + "://127.0.0.1:" + port))
                .redirectErrorStream(true)
                .start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(seconds + 20L, TimeUnit.SECONDS);
            Matcher done = DONE.matcher(out);
            if (!done.find()) {
                throw new IOException("wrk: " + out);
            }
            return new Result(
                    Long.parseLong(done.group(1)),
                    Long.parseLong(done.group(2)) / 1e6,
                    Long.parseLong(done.group(3)),
                    Long.parseLong(done.group(4)),
                    Long.parseLong(done.group(5)));
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}
