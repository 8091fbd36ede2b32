package io.costoptimal.gateway.server.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Whoever reads the application log finds its words in the documentation. */
class EventWordsTest {

    /** A logger's method, or that of a {@code RareWarning}, whose names are in capitals. */
    private static final Pattern EVENT =
            Pattern.compile("\\b(?:(?:(?i:log)|events)\\s*\\.(?:info|warn|error)|[A-Z_]+\\s*\\.log)\\(\\s*\"([a-z_]+)");

    private static final Pattern ROW_OF_EVENTS = Pattern.compile("(?m)^\\| (`[a-z_]+[^|]*) \\|");
    private static final Pattern WORD = Pattern.compile("`([a-z_]+)[` ]");

    @Test
    void everyEventAboveDebugHasARow() throws IOException {
        Path root = root();
        String page = Files.readString(root.resolve("docs/operations.md"));
        String table = page.substring(page.indexOf("## Application log"), page.indexOf("## Metrics"));
        Set<String> documented = ROW_OF_EVENTS
                .matcher(table)
                .results()
                .flatMap(row -> WORD.matcher(row.group(1)).results())
                .map(word -> word.group(1))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> logged = new TreeSet<>();
        for (String module : List.of("gateway-core", "gateway-server")) {
            try (Stream<Path> sources = Files.walk(root.resolve(module).resolve("src/main/java"))) {
                for (Path source : sources.filter(file -> file.toString().endsWith(".java"))
                        .toList()) {
                    EVENT.matcher(Files.readString(source)).results().forEach(event -> logged.add(event.group(1)));
                }
            }
        }

        assertThat(logged).contains("started", "out_of_buffers");
        // The rest of this word is said by the appender.
        logged.remove("access_log_");
        assertThat(documented).containsAll(logged);
    }

    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
