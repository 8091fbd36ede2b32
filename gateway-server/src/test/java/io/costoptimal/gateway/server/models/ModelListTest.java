package io.costoptimal.gateway.server.models;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.ModelScope;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Principal;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.Router;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ModelListTest {

    private static final Router ROUTES = new Router(new RouteTable(
            Map.of("nick", "gpt-4o"),
            List.of(new ModelRoutes("mistral-*", List.of(), List.of(), null)),
            null,
            RetryOn.ALL));

    private final ModelList models = new ModelList(List.of());

    @BeforeEach
    void configure() {
        models.configure(List.of("gpt-4o", "claude", "org/model:free", "q\"uote", "mistral-*"), ROUTES, null);
    }

    @AfterEach
    void close() {
        models.close();
    }

    @Test
    void listsInOpenAiShapeSortedByName() {
        models.fetched(List.of(new ListedModel("b-remote", 7, "them"), new ListedModel("gpt-4o", 8, "them")));

        assertThat(list(ApiFamily.OPENAI))
                .isEqualTo("{\"object\":\"list\",\"data\":["
                        + "{\"id\":\"b-remote\",\"object\":\"model\",\"created\":7,\"owned_by\":\"them\"},"
                        + "{\"id\":\"claude\",\"object\":\"model\",\"created\":0,\"owned_by\":\"gateway\"},"
                        + "{\"id\":\"gpt-4o\",\"object\":\"model\",\"created\":0,\"owned_by\":\"gateway\"},"
                        + "{\"id\":\"org/model:free\",\"object\":\"model\",\"created\":0,\"owned_by\":\"gateway\"},"
                        + "{\"id\":\"q\\\"uote\",\"object\":\"model\",\"created\":0,\"owned_by\":\"gateway\"}]}");
    }

    @Test
    void listsInAnthropicShapeWhatTheKeyMayUse() {
        models.fetched(List.of(new ListedModel("remote", 1_767_225_600, "them")));

        assertThat(list(ApiFamily.ANTHROPIC, "remote", "claude", "not-configured"))
                .isEqualTo("{\"data\":["
                        + "{\"type\":\"model\",\"id\":\"claude\",\"display_name\":\"claude\","
                        + "\"created_at\":\"1970-01-01T00:00:00Z\","
                        + "\"lifecycle\":\"active\",\"line\":null,\"capabilities\":null,"
                        + "\"max_input_tokens\":null,\"max_tokens\":null,\"deprecated_at\":null,\"retires_at\":null}"
                        + ","
                        + "{\"type\":\"model\",\"id\":\"remote\",\"display_name\":\"remote\","
                        + "\"created_at\":\"2026-01-01T00:00:00Z\","
                        + "\"lifecycle\":\"active\",\"line\":null,\"capabilities\":null,"
                        + "\"max_input_tokens\":null,\"max_tokens\":null,\"deprecated_at\":null,\"retires_at\":null}"
                        + "],"
                        + "\"has_more\":false,\"first_id\":\"claude\",\"last_id\":\"remote\"}");
    }

    @Test
    void listsNothingInAnthropicShapeWithoutIds() {
        assertThat(list(ApiFamily.ANTHROPIC, "none"))
                .isEqualTo("{\"data\":[],\"has_more\":false,\"first_id\":null,\"last_id\":null}");
    }

    @Test
    void findsOneModelByItsDecodedName() {
        LocalAnswer answer = answer(StandardOperations.MODEL, ApiFamily.OPENAI, "org/model:free");

        assertThat(answer.status()).isEqualTo(200);
        assertThat(text(answer)).contains("\"id\":\"org/model:free\"");
    }

    @Test
    void knowsAModelThatAWildcardServesWithoutListingTheWildcard() {
        assertThat(answer(StandardOperations.MODEL, ApiFamily.OPENAI, "mistral-large")
                        .status())
                .isEqualTo(200);
        assertThat(answer(StandardOperations.MODEL, ApiFamily.OPENAI, "mistral-large", "mistral-*")
                        .status())
                .isEqualTo(200);
        assertThat(answer(StandardOperations.MODEL, ApiFamily.OPENAI, "mistral-large", "gpt-*")
                        .status())
                .isEqualTo(404);
        assertThat(answer(StandardOperations.MODEL, ApiFamily.OPENAI, "mistral").status())
                .isEqualTo(404);
        assertThat(list(ApiFamily.OPENAI)).doesNotContain("mistral");
    }

    @Test
    void listsAnAliasToThoseWhoMayUseWhatItStandsForToo() {
        models.configure(List.of("gpt-4o", "nick"), ROUTES, null);

        assertThat(list(ApiFamily.OPENAI, "nick", "gpt-4o")).contains("\"nick\"");
        assertThat(list(ApiFamily.OPENAI, "nick")).doesNotContain("nick");
    }

    @Test
    void doesNotKnowAModelThatTheKeyMayNotUse() {
        LocalAnswer openAi = answer(StandardOperations.MODEL, ApiFamily.OPENAI, "gpt-4o", "claude");
        LocalAnswer anthropic = answer(StandardOperations.MODEL, ApiFamily.ANTHROPIC, "nobody's");

        assertThat(openAi.status()).isEqualTo(404);
        assertThat(text(openAi)).contains("\"code\":\"model_not_found\"").contains("`gpt-4o`");
        assertThat(anthropic.status()).isEqualTo(404);
        assertThat(text(anthropic)).contains("\"type\":\"not_found_error\"").contains("\"request_id\":\"req_");
    }

    @Test
    void forgetsWhatAReloadNoLongerNames() {
        models.configure(List.of("only"), ROUTES, null);

        assertThat(list(ApiFamily.OPENAI)).contains("only").doesNotContain("gpt-4o");
    }

    private String list(ApiFamily family, String... allowed) {
        return text(answer(StandardOperations.MODELS, family, null, allowed));
    }

    private LocalAnswer answer(Operation operation, ApiFamily family, String id, String... allowed) {
        Exchange exchange = new Exchange(
                new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/v1/models"),
                new Target(operation, family, null, id),
                null);
        exchange.authenticated(new Principal(
                "k", Principal.Role.CLIENT, allowed.length == 0 ? ModelScope.ALL : ModelScope.of(Set.of(allowed))));
        return models.answer(exchange);
    }

    private static String text(LocalAnswer answer) {
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
