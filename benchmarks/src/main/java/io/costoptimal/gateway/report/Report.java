package io.costoptimal.gateway.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The command {@code benchmarks/report}: writes the pages of {@code docs/performance} from the raw results. */
public final class Report {

    private Report() {}

    /** Run it in the project's folder. */
    public static void main(String[] args) throws IOException {
        Path results = Path.of("benchmarks", "results");
        Path pages = Files.createDirectories(Path.of("docs", "performance"));
        MicrobenchmarkPage.read(results.resolve("jmh")).write(pages);
        LoadPage.read(results.resolve("load")).write(pages);
    }

    /** The JSON files of {@code folder} by name; none when there is no such folder. */
    static List<Path> jsonFiles(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }
}
