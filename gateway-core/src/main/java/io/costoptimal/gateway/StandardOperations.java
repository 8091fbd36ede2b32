package io.costoptimal.gateway;

import io.costoptimal.gateway.account.Deltas;
import io.costoptimal.gateway.account.Dialect;
import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.BodyText;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Operation.AnswerText;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.ErrorEvent;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.tokens.AnswerTexts;
import io.costoptimal.gateway.tokens.BodyTexts;
import java.util.List;

/**
 * The operations that every gateway serves, in the order in which they are listed. No stage knows one of them; each asks the
 * row that a request has found.
 */
public final class StandardOperations {

    private static final Answers OF_CHAT_COMPLETIONS = new Answers(
            ApiFamily.OPENAI,
            Dialect.PLAIN,
            Dialect.CHAT,
            ErrorEvent.CHAT,
            new AnswerText(Deltas.CHAT, AnswerTexts.CHAT));
    private static final Answers OF_RESPONSES = responses(new AnswerText(Deltas.RESPONSES, AnswerTexts.RESPONSES));
    private static final Answers OF_MESSAGES = messages(new AnswerText(Deltas.MESSAGES, AnswerTexts.MESSAGES));

    public static final Operation CHAT_COMPLETIONS =
            post("/v1/chat/completions", ModelPlace.DEPLOYMENT, BodyTexts.CHAT, OF_CHAT_COMPLETIONS);

    public static final Operation RESPONSES =
            post("/v1/responses", ModelPlace.OPTIONAL, BodyTexts.RESPONSES, OF_RESPONSES);

    public static final Operation RESPONSES_INPUT_TOKENS =
            post("/v1/responses/input_tokens", ModelPlace.OPTIONAL, BodyTexts.RESPONSES, responses(null));

    public static final Operation COMPLETIONS = post(
            "/v1/completions",
            ModelPlace.DEPLOYMENT,
            BodyTexts.of("prompt", "suffix"),
            chats(new AnswerText(Deltas.COMPLETIONS, AnswerTexts.CHAT)));

    public static final Operation EMBEDDINGS =
            post("/v1/embeddings", ModelPlace.DEPLOYMENT, BodyTexts.of("input"), chats(AnswerText.NONE));

    public static final Operation MESSAGES = post("/v1/messages", ModelPlace.BODY, BodyTexts.MESSAGES, OF_MESSAGES);

    public static final Operation MESSAGES_COUNT_TOKENS =
            post("/v1/messages/count_tokens", ModelPlace.BODY, BodyTexts.MESSAGES, messages(null));

    /** The list of models; answered in the API of the client. */
    public static final Operation MODELS = get("/v1/models", Handling.LOCAL, Body.NONE);

    /** One model. */
    public static final Operation MODEL =
            get("/v1/models/{model}", Handling.LOCAL, new Body(ModelPlace.PATH, Body.NONE.text()));

    /** What browsers, load balancers and tools ask to see whether anybody is there. */
    public static final Operation ROOT = get("/", Handling.OPEN, Body.NONE);

    public static final Operation HEALTH = get("/healthz", Handling.OPEN, Body.NONE);
    public static final Operation READY = get("/readyz", Handling.OPEN, Body.NONE);

    /** All of them. */
    public static final Operations ALL = new Operations(List.of(
            CHAT_COMPLETIONS,
            RESPONSES,
            RESPONSES_INPUT_TOKENS,
            COMPLETIONS,
            EMBEDDINGS,
            MESSAGES,
            MESSAGES_COUNT_TOKENS,
            MODELS,
            MODEL,
            ROOT,
            HEALTH,
            READY));

    private StandardOperations() {}

    private static Answers chats(AnswerText text) {
        return new Answers(ApiFamily.OPENAI, Dialect.PLAIN, Dialect.PLAIN, ErrorEvent.CHAT, text);
    }

    private static Answers responses(AnswerText text) {
        return new Answers(ApiFamily.OPENAI, Dialect.RESPONSE, Dialect.RESPONSES, ErrorEvent.RESPONSES, text);
    }

    private static Answers messages(AnswerText text) {
        return new Answers(ApiFamily.ANTHROPIC, Dialect.PLAIN, Dialect.MESSAGES, ErrorEvent.MESSAGES, text);
    }

    private static Operation post(String path, ModelPlace model, BodyText.Walker text, Answers answers) {
        return new Operation("POST", path, Handling.PROXIED, new Body(model, text), answers);
    }

    private static Operation get(String path, Handling handling, Body body) {
        return new Operation("GET", path, handling, body, Answers.OWN);
    }
}
