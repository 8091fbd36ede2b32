package io.costoptimal.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operations;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PassedPathsTest {

    @Test
    void anEntryOpensAPathThatIsInNoTableWithEveryMethodItListsOrTheUsualOnes() {
        Operations all = opened(Set.of(), false, "/tokenize");
        Operations some = opened(Set.of("MKCOL", "GET"), false, "/tokenize");

        assertThat(all.at("/tokenize").allowed()).isEqualTo("DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT");
        assertThat(some.at("/tokenize").allowed()).isEqualTo("GET, MKCOL");
        assertThat(some.at("/tokenize").by("MKCOL", ApiFamily.OPENAI).body().policy())
                .isEqualTo(BodyPolicy.STREAMED);
        assertThat(StandardOperations.ALL.at("/tokenize")).isNull();
    }

    @Test
    void aStarAtTheEndOpensWhateverIsBelow() {
        Operations table = opened(Set.of("GET"), false, "/v1/assistants/*");

        assertThat(table.at("/v1/assistants")).isNotNull();
        assertThat(table.matching("/v1/assistants/a").parameters()).containsExactly("a");
        assertThat(table.matching("/v1/assistants/a/b/").parameters()).containsExactly("a/b/");
        assertThat(table.matching("/v1/assistantsx")).isNull();
    }

    @Test
    void aStarBetweenOpensOneSegment() {
        Operations table = opened(Set.of("GET"), false, "/v1/assistants/*/log");

        assertThat(table.matching("/v1/assistants/a/log").parameters()).containsExactly("a");
        assertThat(table.matching("/v1/assistants/a/b/log")).isNull();
        assertThat(table.matching("/v1/assistants/a")).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/*",
                "/v1/*",
                "/*/files/*",
                "/v1/files/*",
                "/v1/files/*/*",
                "/v1/*/*/content",
                "/v1/files/*/content/*",
                "/v1/chat/*",
                "/v1/responses/*"
            })
    void anEntryForPathsOfObjectsOpensNoOthersUnlessItSharesObjects(String path) {
        assertThat(opened(Set.of(), false, path)).isSameAs(StandardOperations.ALL);
        assertThat(opened(Set.of(), true, path).rows().size())
                .isGreaterThan(StandardOperations.ALL.rows().size());
    }

    @Test
    void whatIsInTheTableStaysWhatItIs() {
        Operations table = opened(Set.of(), true, "/*", "/v1/*", "/v1/files/*", "/v1/models/*", "/v1/*/x");

        StandardOperations.ALL.rows().forEach(row -> {
            String path = row.path().replaceAll("\\{[^}]*}", "id");
            var served = row.hasParameters() ? table.matching(path).served() : table.at(path);
            assertThat(served.operations()).contains(row);
        });
        assertThat(table.matching("/v1/models/gpt").served().by("DELETE", ApiFamily.OPENAI))
                .isNotNull();
    }

    @Test
    void theSameEntriesOpenTheSameRowsAfterAReload() {
        assertThat(opened(Set.of(), false, "/tokenize").rows())
                .isEqualTo(opened(Set.of(), false, "/tokenize").rows());
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/files/*, /v1/files, true",
        "/v1/files/*, /v1/files/{file_id}, true",
        "/v1/files/*, /v1/files/{file_id}/content, true",
        "/v1/files/*, /v1/filesx, false",
        "/v1/files, /v1/files/{file_id}, false",
        "/v1/*/{x}, '', ",
        "/v1/files/*/content, /v1/files/{file_id}/content, true",
        "/v1/files/*/content, /v1/files/{file_id}, false",
        "/*, /v1/files, true",
        "/v1/files/file-1, /v1/files/{file_id}, false",
    })
    void aPatternCoversWhatAllOfItsStarsStandFor(String pattern, String template, Boolean covers) {
        if (covers == null) {
            assertThatThrownBy(() -> new PathPattern(pattern)).isInstanceOf(IllegalArgumentException.class);
        } else {
            assertThat(new PathPattern(pattern).covers(template)).isEqualTo(covers);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "v1",
                "/",
                "/v1//x",
                "/v1/",
                "/v1/../x",
                "/v1/..",
                "/v1/.",
                "/v1/a*",
                "/v1/%2e",
                "/v1?x",
                "/v1/{x}"
            })
    void otherTextsAreNoPatterns(String text) {
        assertThatThrownBy(() -> new PathPattern(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(PathPattern.FORM);
    }

    private static Operations opened(Set<String> methods, boolean share, String... paths) {
        List<PathPattern> patterns =
                List.of(paths).stream().map(PathPattern::new).toList();
        return PassedPaths.of(StandardOperations.ALL, List.of(new PathRoute(patterns, methods, null, Set.of(), share)));
    }
}
