package io.costoptimal.gateway.report;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The charts of runs that differ in their number only: lines where that number is an axis, bars otherwise. Stateless. */
final class LoadCharts {

    private static final String OPEN = "\\d+ (open|before)";

    private LoadCharts() {}

    /** Charts by what they show. */
    static Map<String, String> of(String kind, List<LoadRun> runs) {
        Map<String, String> charts = new LinkedHashMap<>();
        if (!runs.get(0).compares()) {
            charts.put("memory", memory(runs.get(0)));
            return charts;
        }
        for (String measure : runs.get(0).measures()) {
            if (runs.get(0).paced() && !measure.matches("achieved/s|send error us|connections")) {
                charts.put(measure, byRate(measure, runs));
            } else if (!runs.get(0).paced() && !measure.matches("streams .*|events/s")) {
                // Counts are for the table: what they show is that they are all the same.
                charts.put(measure, bars(kind, measure, runs));
            }
        }
        return charts;
    }

    /** A line for each proxy, as far as it kept up. */
    private static String byRate(String measure, List<LoadRun> runs) {
        String shown = LoadRun.shown(measure);
        LineChart chart = new LineChart(
                "By offered load: " + shown, "offered load, requests a second", shown, !measure.startsWith("cpu"));
        for (String row : rows(measure, runs)) {
            chart.line(
                    row,
                    runs.stream()
                            .map(run -> new LineChart.Point(run.size(), run.median(row, measure)))
                            .toList());
        }
        return chart.svg();
    }

    private static String memory(LoadRun run) {
        LineChart chart = new LineChart(run.title(), "open streams", "MB", false);
        for (String measure : List.of("heap KB", "direct KB", "resident KB")) {
            chart.line(
                    measure.replace(" KB", ""),
                    run.rows().stream()
                            .filter(row -> row.matches(OPEN))
                            .map(row -> new LineChart.Point(LoadRun.leading(row), run.median(row, measure) / 1024))
                            .toList());
        }
        return chart.svg();
    }

    private static String bars(String kind, String measure, List<LoadRun> runs) {
        List<String> rows = rows(measure, runs);
        double longest = runs.stream()
                .flatMap(run -> rows.stream().map(row -> run.median(row, measure)))
                .filter(value -> value > 0)
                .max(Double::compare)
                .orElse(1.0);
        String shown = LoadRun.shown(measure);
        BarChart chart = new BarChart(capital(kind) + ": " + shown, shown, rows, longest);
        for (LoadRun run : runs) {
            chart.group(
                    run.title(),
                    rows.stream().map(row -> run.median(row, measure)).toList(),
                    rows.stream().map(row -> run.label(row, measure, false)).toList());
        }
        return chart.svg();
    }

    /** Those of which there is anything to show. */
    private static List<String> rows(String measure, List<LoadRun> runs) {
        return runs.stream()
                .flatMap(run -> run.rows().stream().filter(row -> !Double.isNaN(run.median(row, measure))))
                .distinct()
                .toList();
    }

    static String capital(String text) {
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }
}
