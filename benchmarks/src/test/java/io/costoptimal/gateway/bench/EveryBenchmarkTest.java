package io.costoptimal.gateway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs each benchmark once, with all its parameters, so that none rots. How long it takes is nobody's business here. */
class EveryBenchmarkTest {

    @Test
    void runsOnce() throws RunnerException, IOException, URISyntaxException {
        Options once = new OptionsBuilder()
                .mode(Mode.SingleShotTime)
                .warmupIterations(0)
                .measurementIterations(1)
                .forks(0)
                .shouldFailOnError(true)
                .verbosity(VerboseMode.SILENT)
                .build();

        List<String> ran = new Runner(once)
                .run().stream()
                        .map(result -> result.getParams().getBenchmark())
                        .map(method -> method.substring(0, method.lastIndexOf('.')))
                        .distinct()
                        .toList();

        assertThat(ran).containsExactlyInAnyOrderElementsOf(benchmarkClasses());
    }

    private static List<String> benchmarkClasses() throws IOException, URISyntaxException {
        Path classes = Path.of(
                Text.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        try (Stream<Path> files = Files.walk(classes)) {
            return files.map(file -> classes.relativize(file).toString())
                    .filter(file -> file.endsWith("Benchmark.class"))
                    .map(file -> file.replace(".class", "").replace('/', '.'))
                    .toList();
        }
    }
}
