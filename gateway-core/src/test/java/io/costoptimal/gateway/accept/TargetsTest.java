package io.costoptimal.gateway.accept;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Target;
import io.costoptimal.gateway.testing.Constant;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.converter.ConvertWith;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TargetsTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "POST, /v1/chat/completions, CHAT_COMPLETIONS, -, -",
                "POST, /v1/responses, RESPONSES, -, -",
                "POST, /v1/responses/input_tokens, RESPONSES_INPUT_TOKENS, -, -",
                "POST, /v1/completions, COMPLETIONS, -, -",
                "POST, /v1/embeddings, EMBEDDINGS, -, -",
                "POST, /v1/messages, MESSAGES, -, -",
                "POST, /v1/messages?beta=true, MESSAGES, beta=true, -",
                "POST, /v1/messages/count_tokens, MESSAGES_COUNT_TOKENS, -, -",
                "GET, /v1/models, MODELS, -, -",
                "HEAD, /v1/models, MODELS, -, -",
                "GET, /v1/models?limit=20&a=%2F?b, MODELS, limit=20&a=%2F?b, -",
                "GET, /v1/models/gpt-4o, MODEL, -, gpt-4o",
                "GET, /v1/models/meta-llama/Llama%203, MODEL, -, meta-llama/Llama 3",
                "GET, /v1/models/a/b/c:free, MODEL, -, a/b/c:free",
                "GET, /v1/models/claude-x%5B1m%5D, MODEL, -, claude-x[1m]",
                "GET, /v1/models/%E2%82%AC?x, MODEL, x, €",
                "GET, /v1/models/a%252Fb, MODEL, -, a%2Fb",
                "GET, /v1/models/gpt-4.1, MODEL, -, gpt-4.1",
                "GET, /, ROOT, -, -",
                "HEAD, /?probe, ROOT, probe, -",
                "GET, /healthz, HEALTH, -, -",
                "HEAD, /readyz?, READY, '', -",
                "POST, /openai/v1/chat/completions, CHAT_COMPLETIONS, -, -",
                "POST, /openai/v1/responses?api-version=preview, RESPONSES, api-version=preview, -",
                "GET, /openai/v1/models, MODELS, -, -",
                "GET, /openai/v1/models/a/b, MODEL, -, a/b",
                "GET, /openai/models?api-version=2024-10-21, MODELS, api-version=2024-10-21, -",
                "GET, /openai/models/gpt-4o, MODEL, -, gpt-4o",
                "POST, /openai/responses?api-version=2025-04-01-preview, RESPONSES, api-version=2025-04-01-preview, -",
                "POST, /openai/responses/input_tokens, RESPONSES_INPUT_TOKENS, -, -",
                "POST, /openai/v1/embeddings, EMBEDDINGS, -, -",
                "POST, /openai/deployments/m/responses, RESPONSES, -, m",
                "POST, /openai/deployments/m/responses/input_tokens, RESPONSES_INPUT_TOKENS, -, m",
                "POST, /openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21, CHAT_COMPLETIONS, api-version=2024-10-21, gpt-4o",
                "POST, /openai/deployments/a%20b/completions, COMPLETIONS, -, a b",
                "POST, /openai/deployments/e/embeddings, EMBEDDINGS, -, e",
            })
    void findsTheOperation(
            String method, String uri, @ConvertWith(Constant.class) Operation operation, String query, String model) {
        HttpRequest request = request(method, uri);
        Target target = Targets.of(request, StandardOperations.ALL);

        assertThat(target.operation()).isEqualTo(operation);
        assertThat(target.family()).isEqualTo(operation.family());
        assertThat(target.query()).isEqualTo(query);
        assertThat(target.pathModel()).isEqualTo(model);
        assertThat(Targets.refusal(request, target, StandardOperations.ALL)).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "*",
                "-",
                "",
                "/v1",
                "/v1/",
                "/v1/chat",
                "/v1/chat/completions/",
                "/v1/completions/x",
                "/v1/chat/completions%00",
                "/v1/chat/completions#x",
                "/v1/chat/completions;x",
                "/V1/chat/completions",
                "h:443",
                "/v1/models/",
                "/v1/models/a/b/",
                "/v1/models/%",
                "/v1/models/%4",
                "/v1/models/%zz",
                "/v1/models/%0d%0a",
                "/v1/models/%00",
                "/v1/models/%7f",
                "/v1/models/%C2%85",
                "/openai/deployments/a%C2%85/chat/completions",
                "/v1/models/%C1%A5",
                "/v1/models/%ff",
                "/openai/healthz",
                "/openai/v1/messages",
                "/openai/deployments/m",
                "/openai/deployments/m/",
                "/openai/deployments/a/b/chat/completions",
                "/openai/deployments/m/models",
                "/openai/chat/completions",
                "/openai/models/",
            })
    void knowsNoOtherPath(String path) {
        for (String method : new String[] {"GET", "POST"}) {
            HttpRequest request = request(method, path);
            Rejection refusal =
                    Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL);

            assertThat(refusal.status()).isEqualTo(404);
            assertThat(refusal.closes()).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/v1/threads, true",
        "/v1/threads/t_1/runs, true",
        "/v1/files/f/x, true",
        "/v1/a:b~(c), true",
        "/tokenize, true",
        "/v1/threads/, false",
        "/v1/files/, false",
        "/v1/models/, false",
        "/v1/files/%zz, false",
        "/v1/files/x%00, false",
        "/v1/fil%65s, false",
        "/v1/files/a#b, false",
        "/v1/files/ü, false",
        "/, false",
        "*, false",
        "v1/files, false",
        "'', false",
    })
    void namesAnEntryOfTheRoutesWhereOneCanHelp(String path, boolean helps) {
        HttpRequest request = request("PUT", path + "?a=b");
        Operations table = new Operations(List.of(StandardOperations.MESSAGES));
        Rejection refusal = Targets.refusal(request, Targets.of(request, table), table);

        assertThat(refusal.status()).isEqualTo(404);
        assertThat(refusal.message()).startsWith("Invalid URL (PUT " + path + ")");
        assertThat(refusal.message().contains("`routes`")).isEqualTo(helps);
    }

    /** RFC 3986 section 5.2.4, and what some servers and proxies take for the same. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "//v1/chat/completions",
                "/v1//chat/completions",
                "/v1/chat/completions//",
                "/v1/./chat/completions",
                "/v1/chat/completions/.",
                "/v1/../v1/chat/completions",
                "/v1/models/x/..",
                "/v1/models/.",
                "/v1/models/..",
                "/v1/models/%2e%2E",
                "/v1/models/gpt-4%2e1",
                "/v1/models/meta%2FLlama",
                "/v1/models/a%5cb",
                "/v1/models/a%5Cb",
                "/v1/models/a\\b",
                "/v1/chat%2Fcompletions",
                "/v1/chat%2fcompletions",
                "\\v1\\chat\\completions",
                "/openai/deployments//chat/completions",
                "/openai/deployments/../chat/completions",
                "/openai/deployments/a%2Fb/chat/completions",
                "/openai/deployments/m%2Fchat%2Fcompletions",
                "/nowhere/../healthz",
                "/nowhere//else?a=b",
            })
    void refusesAPathThatOthersCouldReadDifferently(String path) {
        for (String method : new String[] {"GET", "POST"}) {
            HttpRequest request = request(method, path);
            Rejection refusal =
                    Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL);

            assertThat(refusal.status()).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "model=big",
                "a=b&model=big&c",
                "Model=big",
                "mod%65l=big",
                "%4DODEL",
                "model",
                "a=1;model=big",
                "mod%65l%00x=big"
            })
    void refusesAModelInTheQueryOfWhatGoesToAProvider(String query) {
        HttpRequest request = request("POST", "/v1/chat/completions?" + query);
        Rejection refusal =
                Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL);

        assertThat(refusal.status()).isEqualTo(400);
        assertThat(refusal.param()).isEqualTo("model");
        HttpRequest list = request("GET", "/v1/models?" + query);
        assertThat(Targets.refusal(list, Targets.of(list, StandardOperations.ALL), StandardOperations.ALL))
                .isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "PUT, /v1/chat/completions, 'GET, POST'",
        "HEAD, /v1/chat/completions, 'GET, POST'",
        "GET, /v1/completions, POST",
        "PUT, /v1/files/f/content, GET",
        "POST, /v1/responses/r, 'DELETE, GET'",
        "GET, /v1/responses/compact, POST",
        "PUT, /v1/messages, POST",
        "OPTIONS, /v1/messages, POST",
        "post, /v1/responses, POST",
        "MKCOLA, /v1/responses, POST",
        "trace, /v1/responses, POST",
        "GET, /openai/responses, POST",
        "POST, /v1/models, 'GET, HEAD'",
        "DELETE, /v1/models/gpt-4o, 'GET, HEAD'",
        "POST, /healthz, 'GET, HEAD'",
        "GET, /openai/deployments/m/embeddings, POST",
    })
    void saysWhichMethodsAKnownPathTakes(String method, String path, String allow) {
        HttpRequest request = request(method, path);
        Rejection refusal =
                Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL);

        assertThat(refusal.status()).isEqualTo(405);
        assertThat(refusal.headers()).containsEntry("allow", allow);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /v1/responses, websocket, 426",
        "GET, /v1/chat/completions, 'h2c, WebSocket', 426",
        "GET, /openai/v1/responses, websocket, 426",
        "GET, /v1/responses, h2c, 405",
        "GET, /v1/files/f/content, websocket, 426",
        "PUT, /v1/responses, websocket, 405",
        "GET, /v1/nothing, websocket, 404",
    })
    void tellsAClientThatWantsAWebSocketToUseHttpInstead(String method, String path, String upgrade, int status) {
        HttpRequest request = request(method, path);
        request.headers().add("Connection", "Upgrade").add("Upgrade", upgrade);
        Rejection refusal =
                Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL);

        assertThat(refusal.status()).isEqualTo(status);
        if (status == 426) {
            assertThat(refusal.headers()).containsEntry("upgrade", "HTTP/1.1");
            assertThat(refusal.retryable()).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models", "/healthz", "/"})
    void ignoresAWishForAWebSocketWhereAPlainAnswerIsToBeHad(String path) {
        HttpRequest request = request("GET", path);
        request.headers().add("Connection", "Upgrade").add("Upgrade", "websocket");

        assertThat(Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL))
                .isNull();
    }

    @Test
    void answersSharedPathsInTheFamilyOfTheClient() {
        assertThat(family("/v1/models", false)).isEqualTo(ApiFamily.OPENAI);
        assertThat(family("/v1/models", true)).isEqualTo(ApiFamily.ANTHROPIC);
        assertThat(family("/v1/models/claude", true)).isEqualTo(ApiFamily.ANTHROPIC);
        assertThat(family("/v1/chat/completions", true)).isEqualTo(ApiFamily.OPENAI);
        assertThat(family("/v1/messages", false)).isEqualTo(ApiFamily.ANTHROPIC);
        assertThat(family("/v1/messages/batches", false)).isEqualTo(ApiFamily.ANTHROPIC);
        assertThat(family("/v1/files", true)).isEqualTo(ApiFamily.ANTHROPIC);
        assertThat(family("/v1/files", false)).isEqualTo(ApiFamily.OPENAI);
    }

    @Test
    void takesTheParameterOfAPathForAModelOnlyWhereItIsOne() {
        Operation job = new Operation("GET", "/v1/jobs/{id}", Handling.LOCAL, Body.NONE, Answers.OWN);
        Target target = Targets.of(request("GET", "/v1/jobs/j%201"), StandardOperations.ALL.with(job));

        assertThat(target.operation()).isSameAs(job);
        assertThat(target.parameter()).isEqualTo("j 1");
        assertThat(target.pathModel()).isNull();
    }

    @Test
    void echoesALongPathInPartAndNeverTheQuery() {
        HttpRequest request = request("GET", "/" + "a".repeat(5000) + "?key=secret");
        String message = Targets.refusal(request, Targets.of(request, StandardOperations.ALL), StandardOperations.ALL)
                .message();

        assertThat(message).hasSizeLessThan(200).doesNotContain("secret");
    }

    private static ApiFamily family(String path, boolean anthropic) {
        HttpRequest request = request("POST", path);
        if (anthropic) {
            request.headers().add("Anthropic-Version", "2023-06-01");
        }
        return Targets.of(request, StandardOperations.ALL).family();
    }

    private static HttpRequest request(String method, String uri) {
        return new DefaultHttpRequest(HttpVersion.HTTP_1_1, new HttpMethod(method), uri);
    }
}
