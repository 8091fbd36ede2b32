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
import io.costoptimal.gateway.exchange.Operation.Line;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operation.Objects;
import io.costoptimal.gateway.exchange.Operation.Objects.Kind;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import io.costoptimal.gateway.exchange.Operations;
import io.costoptimal.gateway.exchange.UsageDialect;
import io.costoptimal.gateway.tokens.AnswerTexts;
import io.costoptimal.gateway.tokens.BodyTexts;
import java.util.List;
import java.util.stream.Stream;

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
    /** What is stored of them: its usage was told when it was made, but for those that are made in the background. */
    static final Answers OF_STORED_RESPONSES = responses(null);

    private static final Answers OF_MESSAGES = messages(new AnswerText(Deltas.MESSAGES, AnswerTexts.MESSAGES));

    public static final Operation CHAT_COMPLETIONS =
            makes(Kind.CHAT, "/v1/chat/completions", ModelPlace.DEPLOYMENT, BodyTexts.CHAT, OF_CHAT_COMPLETIONS);

    public static final Operation RESPONSES =
            makes(Kind.RESPONSE, "/v1/responses", ModelPlace.OPTIONAL, BodyTexts.RESPONSES, OF_RESPONSES);

    public static final Operation RESPONSES_INPUT_TOKENS =
            post("/v1/responses/input_tokens", ModelPlace.OPTIONAL, BodyTexts.RESPONSES, responses(null));

    /** Puts a conversation into fewer tokens. Items of its answer may be the client's own, so that they tell of no new ones. */
    public static final Operation RESPONSES_COMPACT =
            makes(Kind.OTHER, "/v1/responses/compact", ModelPlace.OPTIONAL, BodyTexts.RESPONSES, responses(null));

    public static final Operation COMPLETIONS = post(
            "/v1/completions",
            ModelPlace.DEPLOYMENT,
            BodyTexts.of("prompt", "suffix"),
            chats(new AnswerText(Deltas.COMPLETIONS, AnswerTexts.CHAT)));

    public static final Operation EMBEDDINGS =
            post("/v1/embeddings", ModelPlace.DEPLOYMENT, BodyTexts.of("input"), chats(AnswerText.NONE));

    public static final Operation MODERATIONS = post(
            "/v1/moderations",
            ModelPlace.OPTIONAL,
            BodyTexts.of("input"),
            Answers.free(ApiFamily.OPENAI, ErrorEvent.CHAT));

    /** Answers with images, or with events of images that are not ready yet. */
    public static final Operation IMAGES =
            post("/v1/images/generations", ModelPlace.OPTIONAL_DEPLOYMENT, BodyTexts.of("prompt"), chats(null));

    /** Draws on a picture that comes in a form; answers as {@link #IMAGES} do. */
    public static final Operation IMAGE_EDITS = form("/v1/images/edits", Body.OPTIONAL_FORM);

    public static final Operation IMAGE_VARIATIONS = form("/v1/images/variations", Body.OPTIONAL_FORM);

    /** Answers with text, in a format that the form asks for, or with events. */
    public static final Operation TRANSCRIPTIONS = form("/v1/audio/transcriptions", Body.FORM);

    public static final Operation TRANSLATIONS = form("/v1/audio/translations", Body.FORM);

    /** Answers with sound, or with events that have sound and at last the usage in them. */
    public static final Operation SPEECH = post(
            "/v1/audio/speech",
            ModelPlace.DEPLOYMENT,
            BodyTexts.of("input", "instructions"),
            new Answers(ApiFamily.OPENAI, UsageDialect.NOTHING, Dialect.PLAIN, ErrorEvent.CHAT, null));

    /** Sorts documents by how well they answer a question; as vLLM, Jina and Cohere have it. */
    public static final Operation RERANK =
            post("/v1/rerank", ModelPlace.OPTIONAL, BodyTexts.of("query", "documents"), chats(AnswerText.NONE));

    /** The same, where servers have it beside their versions. */
    public static final Operation PLAIN_RERANK =
            post("/rerank", ModelPlace.OPTIONAL, BodyTexts.of("query", "documents"), chats(AnswerText.NONE));

    /** Says how alike texts are; as vLLM has it. */
    public static final Operation SCORE = score("/v1/score");

    /** The same, where servers have it beside their versions. */
    public static final Operation PLAIN_SCORE = score("/score");

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

    /** Those that go where their model says. */
    private static final List<Operation> BY_MODEL = List.of(
            CHAT_COMPLETIONS,
            RESPONSES,
            RESPONSES_INPUT_TOKENS,
            RESPONSES_COMPACT,
            COMPLETIONS,
            EMBEDDINGS,
            MODERATIONS,
            IMAGES,
            IMAGE_EDITS,
            IMAGE_VARIATIONS,
            SPEECH,
            TRANSCRIPTIONS,
            TRANSLATIONS,
            RERANK,
            PLAIN_RERANK,
            SCORE,
            PLAIN_SCORE,
            MESSAGES,
            MESSAGES_COUNT_TOKENS);

    /** All of them. */
    public static final Operations ALL = new Operations(Stream.of(
                    BY_MODEL,
                    OpenAiObjects.rows(),
                    AnthropicObjects.rows(),
                    List.of(MODELS, MODEL, ROOT, HEALTH, READY))
            .flatMap(List::stream)
            .toList());

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

    private static Operation makes(Kind kind, String path, ModelPlace model, BodyText.Walker text, Answers answers) {
        return new Operation(
                new Line("POST", path),
                Handling.PROXIED,
                new Body(model, text),
                answers,
                new Objects(kind, Role.CREATES));
    }

    private static Operation form(String path, Body body) {
        return new Operation("POST", path, Handling.PROXIED, body, chats(null));
    }

    private static Operation score(String path) {
        BodyText.Walker texts = BodyTexts.of("text_1", "text_2", "queries", "items", "documents");
        return post(path, ModelPlace.OPTIONAL, texts, chats(AnswerText.NONE));
    }

    private static Operation get(String path, Handling handling, Body body) {
        return new Operation("GET", path, handling, body, Answers.OWN);
    }
}
