package io.costoptimal.gateway.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of the load runs: a table for each run, and a chart for each measure over runs of the same kind. */
final class LoadPage {

    private static final String BASELINE = "nginx";

    /** Runs that differ in their numbers only, smallest first, by their common title. */
    private final Map<String, List<Run>> kinds = new LinkedHashMap<>();

    private String machine = "";

    /**
     * One run.
     *
     * @param samples a row for each proxy (or moment, when only the gateway ran), a column for each measure
     */
    private record Run(String title, Grid<Samples> samples) {

        double size() {
            return Double.parseDouble("0" + title.replaceAll("\\D.*", ""));
        }

        double median(String row, String measure) {
            Samples cell = samples.get(row, measure);
            return cell == null ? Double.NaN : cell.median();
        }

        boolean compares() {
            return samples.rows().contains(BASELINE);
        }

        String label(String row, String measure) {
            double value = median(row, measure);
            double ratio = value / median(BASELINE, measure);
            if (Double.isNaN(value)) {
                return "";
            }
            return Figure.digits(value)
                    + (row.equals(BASELINE) || Double.isNaN(ratio) ? "" : " (" + Figure.ratio(ratio) + ")");
        }
    }

    /** Reads all runs. */
    static LoadPage read(Path results) throws IOException {
        LoadPage page = new LoadPage();
        for (Path file : Report.jsonFiles(results)) {
            Json json = Json.read(file);
            Grid<Samples> samples = new Grid<>();
            json.at("samples")
                    .members()
                    .forEach((proxy, measures) -> measures.members()
                            .forEach((measure, values) ->
                                    samples.cell(proxy, measure, new Samples()).add(values.numbers())));
            String title = json.at("title").text();
            page.kinds
                    .computeIfAbsent(title.replaceFirst("^\\d+ (KB, )?", ""), kind -> new ArrayList<>())
                    .add(new Run(title, samples));
            page.machine = json.at("machine", "cpu").text() + ", "
                    + json.at("machine", "cores").text() + " cores, Linux "
                    + json.at("machine", "kernel").text() + ", Java "
                    + json.at("machine", "java").text();
        }
        page.kinds.values().forEach(runs -> runs.sort(Comparator.comparingDouble(Run::size)));
        return page;
    }

    /** Writes the page and its charts into {@code folder}; nothing when nothing was measured. */
    void write(Path folder) throws IOException {
        if (kinds.isEmpty()) {
            return;
        }
        StringBuilder out = new StringBuilder("# Under load\n\n").append("""
                Written by `benchmarks/report` from `benchmarks/results/load`; do not edit. `benchmarks/load/run` measures again.
                Medians over interleaved rounds; in brackets the ratio to nginx. %s.
                """.formatted(machine));
        for (Map.Entry<String, List<Run>> kind : kinds.entrySet()) {
            List<Run> runs = kind.getValue();
            out.append("\n## ").append(capital(kind.getKey())).append('\n');
            runs.forEach(run -> table(out, run));
            for (String measure : plotted(runs)) {
                String name = ("load-" + kind.getKey() + "-" + measure).replaceAll("[^A-Za-z0-9]+", "-");
                Files.writeString(folder.resolve(name + ".svg"), chart(kind.getKey(), measure, runs));
                out.append("\n![").append(measure).append("](").append(name).append(".svg)\n");
            }
        }
        Files.writeString(folder.resolve("load.md"), out);
    }

    /** Counts are for the table: what they show is that they are all the same. */
    private static List<String> plotted(List<Run> runs) {
        return runs.get(0).samples().columns().stream()
                .filter(measure -> !measure.startsWith("streams") && !measure.equals("events/s"))
                .toList();
    }

    private static void table(StringBuilder out, Run run) {
        List<String> measures = run.samples().columns();
        out.append("\n| ")
                .append(run.title())
                .append(" | ")
                .append(String.join(" | ", measures))
                .append(" |\n|---");
        out.append("|---:".repeat(measures.size())).append("|\n");
        for (String row : run.samples().rows()) {
            out.append("| ").append(row).append(" |");
            measures.forEach(
                    measure -> out.append(' ').append(run.label(row, measure)).append(" |"));
            out.append('\n');
        }
    }

    private static String chart(String kind, String measure, List<Run> runs) {
        List<String> rows = runs.stream()
                .flatMap(run -> run.samples().rows().stream().filter(row -> !Double.isNaN(run.median(row, measure))))
                .distinct()
                .toList();
        double longest = runs.stream()
                .flatMap(run -> rows.stream().map(row -> run.median(row, measure)))
                .filter(value -> value > 0)
                .max(Double::compare)
                .orElse(1.0);
        boolean compares = runs.get(0).compares();
        BarChart chart =
                new BarChart(capital(kind) + ": " + measure, measure, compares ? rows : List.of(measure), longest);
        for (Run run : runs) {
            if (compares) {
                group(chart, run, run.title(), measure, rows);
            } else {
                rows.forEach(row -> group(chart, run, row, measure, List.of(row)));
            }
        }
        return chart.svg();
    }

    private static void group(BarChart chart, Run run, String label, String measure, List<String> rows) {
        chart.group(
                label,
                rows.stream().map(row -> run.median(row, measure)).toList(),
                rows.stream().map(row -> run.label(row, measure)).toList());
    }

    private static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
