package io.costoptimal.gateway.server.sdk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code com.anthropic:anthropic-java}, the newest and one major back, as released. They differ where it matters to a
 * gateway: the newer presents its key as a bearer token and a newer {@code anthropic-version}.
 */
class AnthropicSdkTest {

    private static RealServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = RealServer.start(folder);
    }

    @AfterAll
    static void stop() throws Exception {
        try (RealServer last = server) {
            assertThat(last.stop()).noneMatch(line -> line.contains("LEAK"));
        }
    }

    @Test
    void theNewestMajor() {
        check(new AnthropicCalls().apply(server.url(), RealServer.KEY));
    }

    @Test
    void theMajorBefore() throws Exception {
        try (URLClassLoader older = older()) {
            Class<?> calls = Class.forName(AnthropicCalls.class.getName(), true, older);
            assertThat(calls).isNotSameAs(AnthropicCalls.class);
            @SuppressWarnings("unchecked")
            BiFunction<String, String, Map<String, String>> instance = (BiFunction<String, String, Map<String, String>>)
                    calls.getConstructor().newInstance();
            check(instance.apply(server.url(), RealServer.KEY));
        }
    }

    private static void check(Map<String, String> results) {
        assertThat(results.get("message")).startsWith("This is");
        assertThat(results.get("streamed message")).startsWith("This is").endsWith("|stop");
        assertThat(results)
                .containsEntry("tool", "get_weather")
                .containsEntry("model", "claude-sonnet-4-5")
                .containsEntry("wrong key", "UnauthorizedException")
                .containsEntry("unknown model", "NotFoundException")
                .containsEntry("rate limit", "RateLimitException");
        assertThat(results.get("count_tokens")).matches("[1-9]\\d*");
        assertThat(results.get("models")).contains("gpt-4o").contains("claude-sonnet-4-5");
        assertThat(results.get("dying stream")).isIn("SseException", "AnthropicIoException");
    }

    /** The class path of this test with the older client in the place of the newer, and nothing shared but the JDK. */
    private static URLClassLoader older() throws Exception {
        List<URL> urls = new ArrayList<>();
        try (Stream<Path> jars = Files.list(Path.of("target", "anthropic-older"))) {
            for (Path jar : jars.toList()) {
                urls.add(jar.toUri().toURL());
            }
        }
        assertThat(urls).hasSize(2);
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (!new File(entry).getName().startsWith("anthropic-java")) {
                urls.add(new File(entry).toURI().toURL());
            }
        }
        return new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }
}
