package io.costoptimal.gateway.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One run of the load harness: a row for each proxy, or for each moment when only the gateway ran, and a column for each
 * measure.
 */
public final class LoadRun {

    private static final String BASELINE = "nginx";

    /** Of the rate that was asked for; below it, latencies say how long the run was and nothing of the proxy. */
    private static final double REACHED = 0.95;

    private final String title;
    private final String machine;
    private final Grid<Samples> samples = new Grid<>();

    private LoadRun(Json json) {
        title = json.at("title").text();
        machine = json.at("machine", "cpu").text() + ", "
                + json.at("machine", "cores").text() + " cores, Linux "
                + json.at("machine", "kernel").text() + ", Java "
                + json.at("machine", "java").text();
        json.at("samples")
                .members()
                .forEach((row, measures) -> measures.members()
                        .forEach((measure, values) ->
                                samples.cell(row, measure, new Samples()).add(values.series())));
    }

    /** Reads what the harness kept in {@code file}. */
    public static LoadRun read(Path file) throws IOException {
        return new LoadRun(Json.read(file));
    }

    String title() {
        return title;
    }

    /** The title without its number, by which runs that differ in nothing else are put together. */
    String kind() {
        return title.replaceFirst("^\\d+ (KB, )?", "");
    }

    /** The number in the title, 0 without one. */
    double size() {
        return leading(title);
    }

    /** The number that {@code text} begins with, 0 without one. */
    static double leading(String text) {
        return Double.parseDouble("0" + text.replaceAll("\\D.*", ""));
    }

    String machine() {
        return machine;
    }

    List<String> rows() {
        return samples.rows();
    }

    List<String> measures() {
        return samples.columns();
    }

    /** A measure with its unit as people write it. */
    static String shown(String measure) {
        return measure.replaceAll("\\bus\\b", "µs");
    }

    /** Whether proxies were measured beside each other. */
    boolean compares() {
        return samples.rows().contains(BASELINE);
    }

    /** Whether requests came at a given rate, which {@link #size()} is. */
    boolean paced() {
        return samples.columns().contains("achieved/s");
    }

    /** NaN without samples, and where the rate was not reached. */
    double median(String row, String measure) {
        return missed(row, measure) ? Double.NaN : raw(row, measure);
    }

    private double raw(String row, String measure) {
        Samples cell = samples.get(row, measure);
        return cell == null ? Double.NaN : cell.median();
    }

    private boolean missed(String row, String measure) {
        return paced() && !measure.equals("achieved/s") && raw(row, "achieved/s") < REACHED * size();
    }

    /** The median, and in brackets the ratio to the baseline; of CPU, which is what is compared, with its quartiles. */
    String label(String row, String measure, boolean spread) {
        double value = raw(row, measure);
        if (Double.isNaN(value)) {
            return "";
        }
        if (missed(row, measure)) {
            return "not reached";
        }
        Samples baseline = samples.get(BASELINE, measure);
        Ratio ratio = Ratio.of(samples.get(row, measure).values(), baseline == null ? List.of() : baseline.values());
        boolean alone = row.equals(BASELINE) || Double.isNaN(ratio.median()) || missed(BASELINE, measure);
        if (alone || !ratioSaysSomething(measure)) {
            return Figure.digits(value);
        }
        boolean wide = spread && measure.startsWith("cpu");
        return Figure.digits(value) + " (" + (wide ? ratio.spread() : Figure.ratio(ratio.median())) + ")";
    }

    /** Not of differences, which may be nothing or less, nor of what is the same for all. */
    private static boolean ratioSaysSomething(String measure) {
        return !measure.matches("added .*|send error .*|connections|achieved/s|events/s|streams .*");
    }

    /** The run in Markdown. */
    public String table() {
        StringBuilder out = new StringBuilder("\n| ")
                .append(title)
                .append(" | ")
                .append(measures().stream().map(LoadRun::shown).collect(Collectors.joining(" | ")))
                .append(" |\n|---");
        out.append("|---:".repeat(measures().size())).append("|\n");
        for (String row : rows()) {
            out.append("| ").append(row).append(" |");
            measures()
                    .forEach(measure ->
                            out.append(' ').append(label(row, measure, true)).append(" |"));
            out.append('\n');
        }
        return out.toString();
    }
}
