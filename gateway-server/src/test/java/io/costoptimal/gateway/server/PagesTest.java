package io.costoptimal.gateway.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the pages for people say of the code and of each other. */
class PagesTest {

    private static final Path ROOT = root();

    /** Netty's, and a variable of rules. */
    private static final Set<String> NOT_OURS = Set.of("HttpRequestDecoder", "TokenCount");

    /** {@code `Name`} or {@code `Name.member`}, but no word in capitals alone. */
    private static final Pattern CLASS = Pattern.compile("`([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");

    /** Code on one line, in which nothing is a link: rules have brackets of all kinds. */
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(?:#[^)]*)?\\)");

    @Test
    void theLifeOfARequestNamesClassesThatExist() throws IOException {
        Map<String, Path> classes = sources();
        List<String> wrong = new ArrayList<>();
        Matcher named = CLASS.matcher(Files.readString(ROOT.resolve("docs/life-of-a-request.md")));
        for (MatchResult name : named.results().toList()) {
            if (!NOT_OURS.contains(name.group(1)) && !exists(classes.get(name.group(1)), name.group(2))) {
                wrong.add(name.group());
            }
        }

        assertThat(wrong).isEmpty();
    }

    private static boolean exists(Path file, String member) throws IOException {
        return file != null && (member == null || Files.readString(file).contains(" " + member + "("));
    }

    static List<Path> pages() throws IOException {
        try (Stream<Path> top = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(top, docs)
                    .filter(file -> file.toString().endsWith(".md"))
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void linksToFilesThatExist(Path page) throws IOException {
        List<String> links = LINK.matcher(CODE.matcher(Files.readString(page)).replaceAll(""))
                .results()
                .map(link -> link.group(1))
                .filter(link -> !link.startsWith("http"))
                .toList();

        assertThat(links)
                .allSatisfy(link -> assertThat(page.resolveSibling(link)).exists());
    }

    private static Map<String, Path> sources() throws IOException {
        try (Stream<Path> files = Stream.of("gateway-core/src/main", "gateway-server/src/main")
                .flatMap(folder -> walk(ROOT.resolve(folder)))) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .collect(Collectors.toMap(PagesTest::className, Function.identity(), (a, b) -> a));
        }
    }

    private static String className(Path file) {
        return file.getFileName().toString().replace(".java", "");
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The folder of the whole project, from wherever the tests run. */
    private static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CONTRIBUTING.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }
}
