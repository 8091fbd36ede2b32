package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Drives one proxy with {@code h2load} (nghttp2): HTTP/2 over TLS, {@value #STREAMS} streams on each connection. */
final class H2load implements RequestLoad {

    static final int STREAMS = 8;

    private static final Pattern DONE = Pattern.compile(
            "requests: \\d+ total, \\d+ started, \\d+ done, (\\d+) succeeded, (\\d+) failed, (\\d+) errored, (\\d+) timeout");
    private static final Pattern PROTOCOL = Pattern.compile("Application protocol: h2\\s");

    private final Path body;
    private final Path log;
    private final String key;

    /**
     * @param folder where body and log are written
     * @param body sent with every request
     * @param key presented as a bearer token
     */
    H2load(Path folder, String body, String key) throws IOException {
        this.body = Files.writeString(folder.resolve("body-" + body.length() + ".json"), body);
        log = folder.resolve("h2load.log");
        this.key = key;
    }

    static boolean present() {
        return Stack.onPath("h2load");
    }

    @Override
    public Result run(int port, int inFlight, int seconds, int core) throws IOException {
        Files.deleteIfExists(log);
        Process process = new ProcessBuilder(List.of(
                        "taskset",
                        "-c",
                        Integer.toString(core),
                        "h2load",
                        "-c" + inFlight / STREAMS,
                        "-m" + STREAMS,
                        "-D" + seconds,
                        "-d" + body,
                        "-Hcontent-type: application/json",
                        "-Hauthorization: Bearer " + key,
                        "-Haccept: application/json",
                        "-Huser-agent: OpenAI/Python 3.22.1",
                        "--log-file=" + log,
                        "https://127.0.0.1:" + port + "/v1/chat/completions"))
                .redirectErrorStream(true)
                .start();
        try {
            String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            process.waitFor(seconds + 20L, TimeUnit.SECONDS);
            return result(out, seconds);
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    private Result result(String out, int seconds) throws IOException {
        Matcher done = DONE.matcher(out);
        if (!done.find() || !PROTOCOL.matcher(out).find()) {
            throw new IOException("h2load: " + out);
        }
        long errors = 0;
        for (int i = 2; i <= done.groupCount(); i++) {
            errors += Long.parseLong(done.group(i));
        }
        long[] sorted = micros();
        return new Result(
                Long.parseLong(done.group(1)), seconds, percentile(sorted, 0.5), percentile(sorted, 0.99), errors);
    }

    /** How long each answered request took. A line of the log is start, status and duration, divided by tabs. */
    private long[] micros() throws IOException {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.map(line -> line.split("\t"))
                    .filter(fields -> fields[1].equals("200"))
                    .mapToLong(fields -> Long.parseLong(fields[2]))
                    .sorted()
                    .toArray();
        }
    }

    private static long percentile(long[] sorted, double share) throws IOException {
        if (sorted.length == 0) {
            throw new IOException("h2load: no answer of status 200");
        }
        return sorted[(int) ((sorted.length - 1) * share)];
    }
}
