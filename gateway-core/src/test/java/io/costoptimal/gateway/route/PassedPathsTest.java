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
    void aStarAtTheEndIsMeantInAzuresSpellingsToo() {
        Operations table = opened(Set.of("GET"), false, "/v1/threads/*");

        for (String prefix : List.of("/openai/v1", "/openai")) {
            assertThat(table.at(prefix + "/threads")).isEqualTo(table.at("/v1/threads"));
            assertThat(table.matching(prefix + "/threads/a")).isEqualTo(table.matching("/v1/threads/a"));
            assertThat(table.matching(prefix + "/threads/a/b/").parameters()).containsExactly("a/b/");
        }
        assertThat(table.matching("/openai/deployments/d/threads/a")).isNull();
        assertThat(opened(Set.of("GET"), false, "/threads/*").matching("/openai/threads/a"))
                .isNull();
    }

    @Test
    void aPathThatIsOpenedAsAzureSpellsItAsWellIsServedAsItIsWritten() {
        for (String[] paths : new String[][] {
            {"/v1/threads/*", "/openai/v1/threads/*", "/openai/threads/*"},
            {"/openai/threads/*", "/openai/v1/threads/*", "/v1/threads/*"}
        }) {
            Operations table = opened(Set.of("GET"), false, paths);

            assertThat(path(table, "/v1/threads/a")).isEqualTo("/v1/threads/{*}");
            assertThat(path(table, "/openai/threads/a")).isEqualTo("/openai/threads/{*}");
            assertThat(path(table, "/openai/v1/threads/a")).isEqualTo("/openai/v1/threads/{*}");
            assertThat(table.at("/openai/threads").operations().get(0).path()).isEqualTo("/openai/threads");
        }
    }

    private static String path(Operations table, String path) {
        return table.matching(path).served().operations().get(0).path();
    }

    @Test
    void noEntryOpensWhatIsBelowAzuresDeploymentsUnlessItSaysSo() {
        Operations table = opened(Set.of("GET"), true, "/v1/*", "/v1/deployments/*", "/v1/*/b/*", "/v1/*/*/c");

        assertThat(table.matching("/v1/deployments/d/x")).isNotNull();
        assertThat(table.matching("/openai/deployments/d/x")).isNull();
        assertThat(table.matching("/openai/deployments/b/x")).isNull();
        assertThat(table.matching("/openai/deployments/d/c")).isNull();
        assertThat(opened(Set.of("GET"), true, "/openai/*").matching("/openai/deployments/d/x"))
                .isNotNull();
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
                "/openai/*",
                "/openai/v1/*",
                "/openai/files/*",
                "/openai/v1/files/*",
                "/v1/v1/files/*",
                "/v1/responses/*"
            })
    void anEntryForPathsOfObjectsOpensNoOthersUnlessItSharesObjects(String path) {
        assertThat(opened(Set.of(), false, path)).isSameAs(StandardOperations.ALL);
        assertThat(opened(Set.of(), true, path).rows().size())
                .isGreaterThan(StandardOperations.ALL.rows().size());
    }

    @Test
    void whatIsInTheTableStaysWhatItIs() {
        Operations table = opened(
                Set.of(),
                true,
                "/*",
                "/v1/*",
                "/v1/files/*",
                "/v1/models/*",
                "/v1/*/x",
                "/openai/v1/*",
                "/openai/files/*");

        StandardOperations.ALL.rows().forEach(row -> {
            String path = row.path().replaceAll("\\{[^}]*}", "id");
            var served = row.hasParameters() ? table.matching(path).served() : table.at(path);
            assertThat(served.operations()).contains(row);
        });
        for (String path : List.of("/openai/files", "/openai/v1/files")) {
            assertThat(table.at(path).by("GET", ApiFamily.OPENAI))
                    .isSameAs(StandardOperations.ALL.at(path).by("GET", ApiFamily.OPENAI));
        }
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
