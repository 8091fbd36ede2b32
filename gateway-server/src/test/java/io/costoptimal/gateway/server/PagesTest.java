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

    /** Netty's, a variable of rules, and words that are no names of classes here. */
    private static final Set<String> NOT_OURS =
            Set.of("HttpRequestDecoder", "ByteBuf", "TokenCount", "Manager", "Helper", "Util", "Impl", "Abstract");

    /** {@code `Name`}, {@code `package.Name`} or {@code `Name.member`}, but no word in capitals alone. */
    private static final Pattern CLASS = Pattern.compile("`(?:[a-z]+\\.)?([A-Z]\\w*[a-z]\\w*)(?:\\.(\\w+))?`");

    /** Code on one line, in which nothing is a link: rules have brackets of all kinds. */
    private static final Pattern CODE = Pattern.compile("`[^`\n]*`");

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)(?:#[^)]*)?\\)");

    @Test
    void theLifeOfARequestNamesClassesThatExist() throws IOException {
        assertThat(unknown("docs/life-of-a-request.md", sources("main"))).isEmpty();
    }

    @Test
    void theRecipesForContributorsNameClassesThatExist() throws IOException {
        Map<String, Path> classes = sources("main");
        classes.putAll(sources("test"));

        assertThat(unknown("CONTRIBUTING.md", classes)).isEmpty();
    }

    /** So that the two cannot agree on a mistake. */
    @Test
    void theSimulatedProviderSharesNoCodeWithTheGatewayAsItsPageSays() throws IOException {
        String simulator = "io.costoptimal.gateway.server.simulator";
        List<String> shared = new ArrayList<>();
        for (Path file : walk(ROOT.resolve("gateway-server/src/main/java/" + simulator.replace('.', '/')))
                .filter(Files::isRegularFile)
                .toList()) {
            Files.readAllLines(file).stream()
                    .filter(line -> line.contains("io.costoptimal.") && !line.contains(simulator))
                    .forEach(shared::add);
        }

        assertThat(shared).isEmpty();
    }

    private static List<String> unknown(String page, Map<String, Path> classes) throws IOException {
        List<String> wrong = new ArrayList<>();
        Matcher named = CLASS.matcher(Files.readString(ROOT.resolve(page)));
        for (MatchResult name : named.results().toList()) {
            if (!NOT_OURS.contains(name.group(1)) && !exists(classes.get(name.group(1)), name.group(2))) {
                wrong.add(name.group());
            }
        }
        return wrong;
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

    /** @param of {@code main} or {@code test} */
    private static Map<String, Path> sources(String of) {
        try (Stream<Path> files = Stream.of("gateway-core/src/", "gateway-server/src/", "benchmarks/src/")
                .map(folder -> ROOT.resolve(folder + of))
                .filter(Files::exists)
                .flatMap(PagesTest::walk)) {
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
