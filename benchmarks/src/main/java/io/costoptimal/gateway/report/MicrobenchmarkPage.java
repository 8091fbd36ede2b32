package io.costoptimal.gateway.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The page of the microbenchmarks: for each class a table, and a chart where ours stands beside others. */
final class MicrobenchmarkPage {

    private static final String OURS = "gateway";

    /** Ratios beyond this are cut in charts: what is a hundred times slower must not flatten all else. */
    private static final double LONGEST_BAR = 10;

    private static final Map<String, Double> NANOS = Map.of("ns/op", 1.0, "us/op", 1e3, "ms/op", 1e6, "s/op", 1e9);

    private final Map<String, Grid<Cell>> classes = new LinkedHashMap<>();
    private String java = "";
    private String machine = "";

    /** Time and allocation of one method with one set of parameters, and how many of its decisions took a count. */
    private record Cell(Samples nanos, Samples bytes, Samples counted) {}

    /** Reads all rounds of all classes. */
    static MicrobenchmarkPage read(Path results) throws IOException {
        MicrobenchmarkPage page = new MicrobenchmarkPage();
        for (Path file : Report.jsonFiles(results)) {
            Json json = Json.read(file);
            if (json.elements().isEmpty()) {
                page.machine = json.at("cpu").text() + ", "
                        + Figure.plain(json.at("cores").numbers().get(0)) + " cores, Linux "
                        + json.at("kernel").text();
            }
            json.elements().forEach(page::add);
        }
        page.classes.values().forEach(grid -> grid.first(OURS));
        return page;
    }

    private void add(Json run) {
        String[] name = run.at("benchmark").text().split("\\.");
        Grid<Cell> grid = classes.computeIfAbsent(name[name.length - 2], n -> new Grid<>());
        String row = run.at("params").members().entrySet().stream()
                .map(MicrobenchmarkPage::parameter)
                .collect(Collectors.joining(", "));
        Cell cell = grid.cell(row, name[name.length - 1], new Cell(new Samples(), new Samples(), new Samples()));
        double unit = NANOS.get(run.at("primaryMetric", "scoreUnit").text());
        cell.nanos.add(run.at("primaryMetric", "rawData").numbers().stream()
                .map(value -> value * unit)
                .toList());
        cell.bytes.add(
                run.at("secondaryMetrics", "gc.alloc.rate.norm", "rawData").numbers());
        if (run.at("secondaryMetrics").members().containsKey("counted")) {
            List<Double> decisions =
                    run.at("secondaryMetrics", "decisions", "rawData").numbers();
            List<Double> counted =
                    run.at("secondaryMetrics", "counted", "rawData").numbers();
            for (int i = 0; i < counted.size(); i++) {
                cell.counted.add(List.of(100 * counted.get(i) / decisions.get(i)));
            }
        }
        java = run.at("vmName").text() + " " + run.at("vmVersion").text();
    }

    /** Sizes are said as people say them, everything else as it is, with its name where that tells something. */
    private static String parameter(Map.Entry<String, Json> parameter) {
        String value = parameter.getValue().text();
        return switch (parameter.getKey()) {
            case "bytes", "chunk" -> size(Integer.parseInt(value));
            case "expression" -> "`" + value + "`";
            case "text", "answer", "mix" -> value.toLowerCase(Locale.ROOT);
            case "model" -> "model " + value;
            default -> parameter.getKey() + " " + value;
        };
    }

    private static String size(int bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        return bytes < 1024 * 1024 ? bytes / 1024 + " KB" : bytes / 1024 / 1024 + " MB";
    }

    /** Writes the page and its charts into {@code folder}; nothing when nothing was measured. */
    void write(Path folder) throws IOException {
        if (classes.isEmpty()) {
            return;
        }
        StringBuilder out = new StringBuilder("# Microbenchmarks\n\n").append("""
                Written by `benchmarks/report` from `benchmarks/results/jmh`; do not edit. `benchmarks/jmh` measures again.
                Medians over all iterations of all rounds; in brackets the ratio to the gateway; behind it the bytes allocated
                per operation. %s; %s.
                """.formatted(machine, java));
        for (String name : classes.keySet()) {
            Microbenchmark about = Microbenchmark.of(name);
            Grid<Cell> grid = classes.get(name);
            out.append("\n## ").append(about.title()).append("\n\n");
            if (!about.note().isEmpty()) {
                out.append(about.note()).append("\n\n");
            }
            table(out, grid, about);
            if (grid.columns().contains(OURS) && grid.columns().size() > 1) {
                Files.writeString(folder.resolve(name + ".svg"), chart(grid, about));
                out.append("\n![")
                        .append(about.title().replace("`", ""))
                        .append("](")
                        .append(name)
                        .append(".svg)\n");
            }
        }
        Files.writeString(folder.resolve("microbenchmarks.md"), out);
    }

    private static void table(StringBuilder out, Grid<Cell> grid, Microbenchmark about) {
        List<String> heads = new ArrayList<>(grid.columns());
        if (about.throughput()) {
            heads.add("gateway, GB/s");
        }
        out.append("| | ")
                .append(String.join(" | ", heads))
                .append(" |\n|---")
                .append("|---:".repeat(heads.size()))
                .append("|\n");
        for (String row : grid.rows()) {
            out.append("| ").append(row.replace("|", "\\|")).append(" |");
            for (String column : grid.columns()) {
                Cell cell = grid.get(row, column);
                out.append(' ')
                        .append(
                                cell == null
                                        ? ""
                                        : label(grid, row, column) + ", " + Figure.bytes(cell.bytes.median())
                                                + counted(cell));
                out.append(" |");
            }
            if (about.throughput()) {
                out.append(' ')
                        .append(Figure.digits(
                                bytes(row) / grid.get(row, OURS).nanos.median()))
                        .append(" |");
            }
            out.append('\n');
        }
    }

    private static String counted(Cell cell) {
        return cell.counted.values().isEmpty() ? "" : ", " + Math.round(cell.counted.median()) + " % counted";
    }

    private static double bytes(String row) {
        String[] words = row.split("[ ,]+");
        return Double.parseDouble(words[0]) * (words[1].equals("MB") ? 1 << 20 : words[1].equals("KB") ? 1024 : 1);
    }

    private static String label(Grid<Cell> grid, String row, String column) {
        String time = Figure.time(grid.get(row, column).nanos.median());
        double ratio = ratio(grid, row, column);
        return column.equals(OURS) || Double.isNaN(ratio) ? time : time + " (" + Figure.ratio(ratio) + ")";
    }

    private static double ratio(Grid<Cell> grid, String row, String column) {
        Cell ours = grid.get(row, OURS);
        Cell cell = grid.get(row, column);
        return ours == null || cell == null ? Double.NaN : cell.nanos.median() / ours.nanos.median();
    }

    private static String chart(Grid<Cell> grid, Microbenchmark about) {
        double longest = grid.rows().stream()
                .flatMap(row -> grid.columns().stream().map(column -> ratio(grid, row, column)))
                .filter(ratio -> !ratio.isNaN())
                .max(Double::compare)
                .orElse(1.0);
        BarChart chart = new BarChart(
                about.title().replace("`", ""),
                "time, as a multiple of the gateway's",
                grid.columns(),
                Math.min(longest, LONGEST_BAR));
        for (String row : grid.rows()) {
            chart.group(
                    row.replace("`", ""),
                    grid.columns().stream()
                            .map(column -> ratio(grid, row, column))
                            .toList(),
                    grid.columns().stream()
                            .map(column -> grid.get(row, column) == null ? "" : label(grid, row, column))
                            .toList());
        }
        return chart.svg();
    }
}
