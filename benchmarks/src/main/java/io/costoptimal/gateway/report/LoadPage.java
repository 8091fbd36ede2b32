package io.costoptimal.gateway.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page of the load runs: a table for each run, and charts over runs of the same kind. */
final class LoadPage {

    /** Runs that differ in their numbers only, smallest first, by what they have in common. */
    private final Map<String, List<LoadRun>> kinds = new LinkedHashMap<>();

    /** Reads all runs. */
    static LoadPage read(Path results) throws IOException {
        LoadPage page = new LoadPage();
        for (Path file : Report.jsonFiles(results)) {
            LoadRun run = LoadRun.read(file);
            page.kinds.computeIfAbsent(run.kind(), kind -> new ArrayList<>()).add(run);
        }
        page.kinds.values().forEach(runs -> runs.sort(Comparator.comparingDouble(LoadRun::size)));
        return page;
    }

    /** Writes the page and its charts into {@code folder}; nothing when nothing was measured. */
    void write(Path folder) throws IOException {
        if (kinds.isEmpty()) {
            return;
        }
        String machine = kinds.values().iterator().next().get(0).machine();
        StringBuilder out = new StringBuilder("# Under load\n\n").append("""
                Written by `benchmarks/report` from `benchmarks/results/load`; do not edit. `benchmarks/load/run` measures again.
                Medians over interleaved rounds. In brackets the ratio to nginx: the median of the ratios of each round, and of CPU
                their quartiles as well, between which half of the rounds lie. "Added" is what a proxy adds to the provider's own
                latency in the same round; "not reached" is a rate of which less than 95 of 100 requests were answered in time.
                %s.
                """.formatted(machine));
        for (Map.Entry<String, List<LoadRun>> kind : kinds.entrySet()) {
            out.append("\n## ").append(LoadCharts.capital(kind.getKey())).append('\n');
            kind.getValue().forEach(run -> out.append(run.table()));
            for (Map.Entry<String, String> chart :
                    LoadCharts.of(kind.getKey(), kind.getValue()).entrySet()) {
                String name = ("load-" + kind.getKey() + "-" + chart.getKey()).replaceAll("[^A-Za-z0-9]+", "-");
                Files.writeString(folder.resolve(name + ".svg"), chart.getValue());
                out.append("\n![")
                        .append(chart.getKey())
                        .append("](")
                        .append(name)
                        .append(".svg)\n");
            }
        }
        Files.writeString(folder.resolve("load.md"), out);
    }
}
