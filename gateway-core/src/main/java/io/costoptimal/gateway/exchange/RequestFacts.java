package io.costoptimal.gateway.exchange;

/**
 * What the scan of a request body found.
 *
 * @param model the top-level {@code model} member; {@code null} when the body has none
 * @param stream whether {@code stream} is the literal {@code true}
 * @param maxTokens the largest of {@code max_tokens}, {@code max_completion_tokens} and {@code max_output_tokens} that
 *     are whole numbers, however written ({@code 4e3}, {@code 4000.0}), since a provider may follow any of them; -1
 *     without one
 * @param includeUsage whether {@code stream_options.include_usage} is the literal {@code true}
 * @param bytes length of the body
 */
public record RequestFacts(ModelField model, boolean stream, long maxTokens, boolean includeUsage, int bytes) {

    /**
     * A model name and where it stands in the body.
     *
     * @param name the unescaped value
     * @param start offset of the opening quote
     * @param end offset just past the closing quote
     */
    public record ModelField(String name, int start, int end) {}
}
