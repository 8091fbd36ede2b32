package io.costoptimal.gateway.splice;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors that say that a request is longer than the model's context window, and errors that do not. */
class ContextOverflowTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                // OpenAI and Azure.
                """
                {"error":{"message":"This model's maximum context length is 8192 tokens. However, your messages resulted in \
                9000 tokens.","type":"invalid_request_error","param":"messages","code":"context_length_exceeded"}}""",
                """
                {"error":{"type":"invalid_request_error","code":"context_length_exceeded","message":"","param":"input"}}""",
                """
                {"error":{"message":"Your input exceeds the context window of this model.","code":null}}""",
                // Anthropic.
                """
                {"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 208423 tokens > 200000 \
                maximum"}}""",
                """
                {"type":"error","error":{"type":"invalid_request_error","message":"input length and `max_tokens` exceed context \
                limit: 189136 + 20000 > 204648, decrease input length or `max_tokens` and try again"}}""",
                // vLLM, former and present.
                """
                {"object":"error","message":"This model's maximum context length is 4096 tokens.","type":"BadRequestError",\
                "param":null,"code":400}""",
                """
                {"detail":"This model's maximum context length is 4096 tokens."}""",
                // Gemini, in a list as it sends errors of its OpenAI API.
                """
                [{"error":{"code":400,"message":"The input token count (1200000) exceeds the maximum number of tokens allowed \
                (1048576).","status":"INVALID_ARGUMENT"}}]""",
                // llama.cpp.
                """
                {"error":{"code":400,"message":"the request exceeds the available context size. try increasing it",\
                "type":"exceed_context_size_error"}}""",
                """
                {"error":"Input is too long for requested model."}"""
            })
    void saysSo(String body) {
        assertThat(ContextOverflow.says(body.getBytes(UTF_8))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                """
                {"error":{"message":"Invalid value: 'system'.","type":"invalid_request_error","code":"invalid_value"}}""",
                // Too large in bytes, for every model.
                """
                {"type":"error","error":{"type":"request_too_large","message":"Request exceeds the maximum size"}}""",
                // Too many tokens for a minute.
                """
                {"error":{"message":"Request too large for gpt-4o on tokens per min (TPM): Limit 30000","code":"rate_limit_exceeded"}}""",
                // The words, but not as the error.
                """
                {"error":{"message":"no","param":"prompt is too long"}}""",
                """
                {"input":"context_length_exceeded"}""",
                "prompt is too long",
                "\"prompt is too long\"",
                "{\"error\":{\"mess",
                ""
            })
    void doesNotSaySo(String body) {
        assertThat(ContextOverflow.says(body.getBytes(UTF_8))).isFalse();
    }

    @Test
    void isSaidByThreeStatuses() {
        assertThat(ContextOverflow.maySay(400)).isTrue();
        assertThat(ContextOverflow.maySay(413)).isTrue();
        assertThat(ContextOverflow.maySay(422)).isTrue();
        assertThat(ContextOverflow.maySay(429)).isFalse();
        assertThat(ContextOverflow.maySay(500)).isFalse();
    }
}
