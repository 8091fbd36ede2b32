package io.costoptimal.gateway.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PagesTest {

    private static final String RUN = """
            {"benchmark": "io.costoptimal.gateway.inspect.JsonScannerBenchmark.%s", "vmName": "VM", "vmVersion": "17",
             "params": {"bytes": "1024", "model": "last"},
             "primaryMetric": {"score": 0, "scoreUnit": "us/op", "rawData": [[%s]]},
             "secondaryMetrics": {"gc.alloc.rate.norm": {"rawData": [[%s]]}}}""";

    @TempDir
    private Path folder;

    @Test
    void givesMediansOverRoundsAndRatiosToTheGateway() throws IOException {
        Files.writeString(
                folder.resolve("JsonScannerBenchmark.1.json"),
                "[" + RUN.formatted("jackson", "3.0, 9.0", "832.0") + ","
                        + RUN.formatted("gateway", "1.0, 50.0", "0.001") + "]");
        Files.writeString(
                folder.resolve("JsonScannerBenchmark.2.json"),
                "[" + RUN.formatted("jackson", "4.0, 5.0", "832.0") + "," + RUN.formatted("gateway", "2.0", "0.001")
                        + "]");

        MicrobenchmarkPage.read(folder).write(folder);

        assertThat(Files.readString(folder.resolve("microbenchmarks.md")))
                .contains("| | gateway | jackson | gateway, GB/s |")
                .contains("| 1 KB, model last | 2.00 µs, 0 B | 4.50 µs (2.25), 832 B | 0.512 |");
        assertThat(Files.readString(folder.resolve("JsonScannerBenchmark.svg")))
                .contains(">1 KB, model last<")
                .contains(">4.50 µs (2.25)<");
    }

    @Test
    void cutsBarsThatWouldFlattenTheOthers() {
        BarChart chart = new BarChart("title", "axis", List.of("a", "b"), 10);
        chart.group("row", List.of(1.0, 1e6), List.of("one", "a million"));

        assertThat(chart.svg())
                .containsOnlyOnce("class=\"cut\"")
                .contains("width=\"420.0\"")
                .contains("width=\"42.0\"");
    }

    @Test
    void givesRunsUnderLoadInTheOrderOfTheirSizeWithRatiosToNginx() throws IOException {
        load(
                "8 KB, 64 connections",
                "{\"nginx\": {\"cpu us\": [40, 20, 60]}, \"gateway\": {\"cpu us\": [30, null, 30]}}");
        load("100 KB, 64 connections", "{\"nginx\": {\"cpu us\": [100]}, \"gateway\": {\"cpu us\": [90]}}");

        LoadPage.read(folder).write(folder);

        String page = Files.readString(folder.resolve("load.md"));
        assertThat(page).contains("| nginx | 40.0 |").contains("| gateway | 30.0 (0.75) |");
        assertThat(page.indexOf("| 8 KB")).isLessThan(page.indexOf("| 100 KB"));
        assertThat(folder.resolve("load-64-connections-cpu-us.svg")).exists();
    }

    private void load(String title, String samples) throws IOException {
        Files.writeString(
                folder.resolve(title + ".json"),
                "{\"title\": \"" + title + "\", \"machine\": {\"cpu\": \"x\"}, \"samples\": " + samples + "}");
    }

    @Test
    void writesNothingWhereNothingWasMeasured() throws IOException {
        MicrobenchmarkPage.read(folder.resolve("absent")).write(folder);
        LoadPage.read(folder.resolve("absent")).write(folder);

        assertThat(folder).isEmptyDirectory();
    }
}
