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
        assertThat(page).contains("| nginx | 40.0 |").contains("| gateway | 30.0 (0.63, 0.56–0.69) |");
        assertThat(page.indexOf("| 8 KB")).isLessThan(page.indexOf("| 100 KB"));
        assertThat(folder.resolve("load-64-connections-cpu-us.svg")).exists();
    }

    @Test
    void drawsLatencyOverTheRateAsFarAsItWasReached() throws IOException {
        String samples = """
                {"direct": {"achieved/s": [%1$d], "p50 us": [100]},
                 "nginx": {"achieved/s": [%1$d], "p50 us": [150], "added p50 us": [50]},
                 "gateway": {"achieved/s": [%2$d], "p50 us": [300000], "added p50 us": [200]}}""";
        load("1000 requests a second", samples.formatted(1000, 1000));
        load("16000 requests a second", samples.formatted(16000, 15000));

        LoadPage.read(folder).write(folder);

        assertThat(Files.readString(folder.resolve("load.md")))
                .contains("| gateway | 1,000 | 300,000 (2,000) | 200 |")
                .contains("| gateway | 15,000 | not reached | not reached |");
        String chart = Files.readString(folder.resolve("load-requests-a-second-p50-us.svg"));
        assertThat(chart.split("<circle", -1)).hasSize(1 + 5);
        assertThat(chart).contains("equal steps are equal factors");
    }

    @Test
    void drawsMemoryOverOpenStreams() throws IOException {
        load("Memory by open streams", """
                {"0 before": {"heap KB": [10240], "direct KB": [4096], "resident KB": [102400]},
                 "1000 open": {"heap KB": [20480], "direct KB": [4096], "resident KB": [204800]},
                 "1000 closed": {"heap KB": [10240], "direct KB": [4096], "resident KB": [204800]}}""");

        LoadPage.read(folder).write(folder);

        assertThat(Files.readString(folder.resolve("load.md"))).contains("| 1000 open | 20,480 | 4,096 | 204,800 |");
        assertThat(Files.readString(folder.resolve("load-Memory-by-open-streams-memory.svg")))
                .contains("points=\"90.0,351.0 780.0,336.0\"", ">open streams<", ">MB<", ">200<", ">resident<");
    }

    @Test
    void namesRoundValuesOnEveryAxis() {
        assertThat(Axis.linear(List.of(1_000.0, 16_000.0)).ticks())
                .containsExactly(0.0, 2e3, 4e3, 6e3, 8e3, 10e3, 12e3, 14e3, 16e3);
        assertThat(Axis.linear(List.of(-30.0, 110.0)).ticks())
                .containsExactly(-40.0, -20.0, 0.0, 20.0, 40.0, 60.0, 80.0, 100.0, 120.0);
        assertThat(Axis.logIfWide(List.of(-5.0, 30.0, 900.0)).ticks())
                .containsExactly(20.0, 50.0, 100.0, 200.0, 500.0, 1e3);
        assertThat(Axis.logIfWide(List.of(-5.0, 30.0, 900.0)).at(-5)).isZero();
        assertThat(Axis.logIfWide(List.of(50.0, 900.0)).log()).isFalse();
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
