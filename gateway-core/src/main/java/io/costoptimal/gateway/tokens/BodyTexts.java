package io.costoptimal.gateway.tokens;

import io.costoptimal.gateway.exchange.BodyText;
import java.util.Set;

/** What is text in the bodies of the APIs. */
public final class BodyTexts {

    /** Of {@code /v1/chat/completions}. */
    public static final BodyText.Walker CHAT = in -> new ChatText(in)::body;

    /** Of {@code /v1/responses}. */
    public static final BodyText.Walker RESPONSES = in -> new ResponsesText(in)::body;

    /** Of {@code /v1/messages}. */
    public static final BodyText.Walker MESSAGES = in -> new MessagesText(in)::body;

    private BodyTexts() {}

    /** Only these members of a body are text: a string or several, or the numbers of tokens. */
    public static BodyText.Walker of(String... members) {
        Set<String> names = Set.of(members);
        return in -> name -> {
            if (names.contains(name)) {
                in.textOrTokens();
            } else {
                in.skip();
            }
        };
    }
}
