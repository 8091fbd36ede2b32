package io.costoptimal.gateway.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Prints a run as a Markdown table and keeps every sample as JSON under {@code benchmarks/results/load}. */
final class Report {

    private final Path results;

    Report(Path results) {
        this.results = results;
    }

    /** One table: a row per proxy, medians, and the ratio to {@code baseline} behind each. */
    void table(String title, Stats stats, String baseline) throws IOException {
        StringBuilder out = new StringBuilder("\n### ").append(title).append("\n\n| |");
        stats.measures().forEach(measure -> out.append(' ').append(measure).append(" |"));
        out.append("\n|---|").append("---|".repeat(stats.measures().size())).append('\n');
        for (String proxy : stats.proxies()) {
            out.append("| ").append(proxy).append(" |");
            for (String measure : stats.measures()) {
                out.append(' ').append(cell(stats, proxy, baseline, measure)).append(" |");
            }
            out.append('\n');
        }
        System.out.println(out);
        keep(title, stats);
    }

    private static String cell(Stats stats, String proxy, String baseline, String measure) {
        double median = stats.median(proxy, measure);
        if (Double.isNaN(median)) {
            return "";
        }
        double ratio = stats.ratio(proxy, baseline, measure);
        String text = Stack.format(median);
        return Double.isNaN(ratio) || proxy.equals(baseline)
                ? text
                : text + String.format(Locale.ROOT, " (%.2f)", ratio);
    }

    private void keep(String title, Stats stats) throws IOException {
        String samples = stats.proxies().stream()
                .map(proxy -> "    " + quoted(proxy) + ": {" + measures(stats, proxy) + "}")
                .collect(Collectors.joining(",\n"));
        String json = "{\n  \"title\": " + quoted(title) + ",\n  \"at\": "
                + quoted(Instant.now().toString()) + ",\n  \"machine\": {" + machine() + "},\n  \"samples\": {\n"
                + samples + "\n  }\n}\n";
        Files.createDirectories(results);
        Files.writeString(
                results.resolve(title.replaceAll("[^A-Za-z0-9]+", "-").toLowerCase(Locale.ROOT) + ".json"), json);
    }

    private static String measures(Stats stats, String proxy) {
        return stats.measures().stream()
                .map(measure -> quoted(measure) + ": " + numbers(stats.all(proxy, measure)))
                .collect(Collectors.joining(", "));
    }

    private static String numbers(List<Double> values) {
        return values.stream()
                .map(value -> value.isNaN() ? "null" : String.format(Locale.ROOT, "%.3f", value))
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
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }
}
