package io.costoptimal.gateway.exchange;

/**
 * Tokens as a provider reported them, in its own counting: OpenAI's input includes cached tokens, Anthropic's does not.
 * -1 where nothing was said.
 *
 * @param input {@code prompt_tokens} or {@code input_tokens}
 * @param output {@code completion_tokens} or {@code output_tokens}, reasoning included
 * @param cacheRead {@code cached_tokens} or {@code cache_read_input_tokens}
 * @param cacheWrite {@code cache_write_tokens} or {@code cache_creation_input_tokens}
 * @param reasoning {@code reasoning_tokens} or {@code thinking_tokens}, a part of {@code output}
 */
public record Usage(long input, long output, long cacheRead, long cacheWrite, long reasoning) {}
