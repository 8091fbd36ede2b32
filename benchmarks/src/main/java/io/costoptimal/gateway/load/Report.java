package io.costoptimal.gateway.load;

import io.costoptimal.gateway.http.JsonText;
import io.costoptimal.gateway.report.LoadRun;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a run as a Markdown table, as the pages have it, and keeps every sample as JSON under {@code benchmarks/results/load}. */
final class Report {

    private final Path results;

    Report(Path results) {
        this.results = results;
    }

    /** Keeps one run and prints it, medians and ratios to nginx of the same round. */
    void keep(String title, Stats stats) throws IOException {
        System.out.println(LoadRun.read(write(title, stats)).table());
    }

    private Path write(String title, Stats stats) throws IOException {
        String samples = stats.proxies().stream()
                .map(proxy -> "    " + quoted(proxy) + ": {" + measures(stats, proxy) + "}")
                .collect(Collectors.joining(",\n"));
        String json = "{\n  \"title\": " + quoted(title) + ",\n  \"at\": "
                + quoted(Instant.now().toString()) + ",\n  \"machine\": {" + machine() + "},\n  \"samples\": {\n"
                + samples + "\n  }\n}\n";
        Files.createDirectories(results);
        return Files.writeString(
                results.resolve(title.replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(Locale.ROOT) + ".json"), json);
    }

    private static String measures(Stats stats, String proxy) {
        return stats.measures().stream()
                .map(measure -> quoted(measure) + ": " + numbers(stats.all(proxy, measure)))
                .collect(Collectors.joining(", "));
    }

    private static String numbers(List<Double> values) {
        return values.stream()
                .map(value -> !Double.isFinite(value) ? "null" : String.format(Locale.ROOT, "%.3f", value))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    private static String machine() throws IOException {
        Map<String, String> facts = Map.of(
                "cores", Integer.toString(Runtime.getRuntime().availableProcessors()),
                "kernel", System.getProperty("os.version"),
                "java", System.getProperty("java.version"),
                "cpu",
                        Files.readAllLines(Path.of("/proc/cpuinfo")).stream()
                                .filter(line -> line.startsWith("model name"))
                                .findFirst()
                                .map(line -> line.substring(line.indexOf(':') + 2))
                                .orElse("unknown"));
        return facts.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(fact -> quoted(fact.getKey()) + ": " + quoted(fact.getValue()))
                .collect(Collectors.joining(", "));
    }

    private static String quoted(String text) {
        return JsonText.quote(new StringBuilder(), text).toString();
    }
}
