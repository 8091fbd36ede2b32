package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.tokens.Encodings;
import java.util.regex.Pattern;

/** By which encoding a model's vendor counts text, as far as that is public. Stateless. */
final class Tokenizer {

    /** Models of OpenAI's, by whoever sells them. What it gave away ({@code gpt-oss}) is counted by other rules. */
    private static final Pattern OPENAI =
            Pattern.compile("(?:.*/)?(?:ft:)?(?:gpt-(?!oss)|chatgpt-|o[1-9](?:-|$)|codex-|text-embedding-).*");

    private Tokenizer() {}

    /** The name of the encoding; {@code null} for a model of another vendor, whose counts nobody else can make. */
    static String of(String model) {
        return OPENAI.matcher(model).matches() ? Encodings.nameFor(model).toString() : null;
    }
}
