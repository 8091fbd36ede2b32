package io.costoptimal.gateway.splice;

import java.util.List;
import java.util.Locale;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/**
 * Whether a provider's error says that the request is longer than the model's context window, so that a candidate whose
 * window is no larger need not be asked. Stateless.
 *
 * <p>OpenAI and Azure have a code for it; others have a sentence only, in which two numbers differ from answer to answer.
 */
final class ContextOverflow {

    private static final String CODE = "context_length_exceeded";

    /** In lower case. Each is part of the sentence of one or more of the public APIs and servers. */
    private static final List<String> SENTENCES = List.of(
            // OpenAI, Azure, vLLM, Mistral: the model's own limit, and what the request has.
            "maximum context length",
            // OpenAI's Responses.
            "exceeds the context window",
            // Anthropic: the prompt alone, or with max_tokens.
            "prompt is too long",
            "exceed context limit",
            // Gemini's OpenAI API.
            "exceeds the maximum number of tokens allowed",
            // llama.cpp.
            "exceeds the available context size",
            // Claude and others on Bedrock.
            "input is too long for requested model");

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(32).build())
            .build();

    private ContextOverflow() {}

    /** Whether it takes a look at the body to tell; no other status means it. */
    static boolean maySay(int status) {
        return status == 400 || status == 413 || status == 422;
    }

    /**
     * Whether an error with a {@code status} that {@link #maySay} says so.
     *
     * @param json the body, unpacked; what is no JSON, or is broken before it says so, does not
     */
    static boolean says(byte[] json) {
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && says(parser.currentName(), parser.getString())) {
                    return true;
                }
            }
        } catch (JacksonException e) {
            return false;
        }
        return false;
    }

    private static boolean says(String member, String value) {
        if (member == null) {
            return false;
        }
        return switch (member) {
            case "code", "type" -> value.equals(CODE);
            case "message", "detail", "error" -> {
                String lower = value.toLowerCase(Locale.ROOT);
                yield SENTENCES.stream().anyMatch(lower::contains);
            }
            default -> false;
        };
    }
}
