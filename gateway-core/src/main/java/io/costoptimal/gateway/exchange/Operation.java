package io.costoptimal.gateway.exchange;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * One thing that clients can ask for: a row of the table {@link Operations}. Immutable; compared by identity.
 *
 * <p>The engine asks a row for its facts and never which row it is, so that a row of somebody else's works like one of the
 * gateway's. The one misuse: making rows again and again. Each gets a {@link #number}, and arrays that go by it only grow.
 */
public final class Operation {

    private static final String VERSION = "/v1";
    private static final AtomicInteger NUMBERS = new AtomicInteger();

    /** Who answers an operation, and whether a key is needed. */
    public enum Handling {
        /** Authenticated, routed and sent to a provider. */
        PROXIED,
        /** Authenticated and answered by {@link LocalService}, in the API that the client speaks. */
        LOCAL,
        /** Answered by {@link LocalService} without a key. */
        OPEN
    }

    /** Where a request names its model. */
    public enum ModelPlace {
        /** In the body; Azure's resources take it from the path, as the name of a deployment. */
        DEPLOYMENT,
        /** In the body. */
        BODY,
        /** In the body, which may leave it out: a stored prompt, for one, names its own. */
        OPTIONAL,
        /** In place of the parameter of {@link #path}. */
        PATH,
        /** Nowhere. */
        NONE
    }

    /** How a stream of this operation says that it broke off. */
    public enum ErrorEvent {
        /** {@code data: {"error": ...}}, without a type. */
        CHAT,
        /** {@code event: error}, with the members of the error beside its type. */
        RESPONSES,
        /** {@code event: error}, as Anthropic documents it. */
        MESSAGES
    }

    /**
     * What of a request's body is looked at.
     *
     * @param model where the model is named
     * @param text which of its members are counted as text
     */
    public record Body(ModelPlace model, BodyText.Walker text) {

        /** There is no body that anybody looks at. */
        public static final Body NONE = new Body(ModelPlace.NONE, in -> name -> in.skip());
    }

    /**
     * What answers look like.
     *
     * @param family whose errors they have
     * @param document where an answer that is one document says its usage; {@code null} when the gateway answers itself
     * @param events where the events of a stream say it; {@code null} when the gateway answers itself
     * @param broken how a stream says that it broke off
     * @param text where an answer has its text, for the case that it tells no usage; {@code null} when nothing is charged
     *     for that does not tell it
     */
    public record Answers(
            ApiFamily family, UsageDialect document, UsageDialect events, ErrorEvent broken, AnswerText text) {

        /** Answers that are charged for only by the usage they tell. */
        public Answers(ApiFamily family, UsageDialect document, UsageDialect events, ErrorEvent broken) {
            this(family, document, events, broken, null);
        }

        /** The gateway's own. */
        public static final Answers OWN = new Answers(ApiFamily.OPENAI, null, null, ErrorEvent.CHAT);
    }

    /**
     * Where answers have the text that a model put out.
     *
     * @param events in a stream; {@code null} when answers have no text
     * @param document in a document; {@code null} when answers have no text
     */
    public record AnswerText(TextDialect events, BodyText.Walker document) {

        /** Only the input is charged for, as for embeddings. */
        public static final AnswerText NONE = new AnswerText(null, null);

        /** Whether answers have text. */
        public boolean any() {
            return document != null;
        }
    }

    private final int number;
    private final String method;
    private final String path;
    private final Handling handling;
    private final Body body;
    private final Answers answers;

    /**
     * A row of its own.
     *
     * @param method the one method it takes; {@code HEAD} is served wherever {@code GET} is
     * @param path see {@link #path}
     * @throws IllegalArgumentException when providers answer it, and {@code answers} does not say where they tell usage
     */
    public Operation(String method, String path, Handling handling, Body body, Answers answers) {
        this.method = method;
        this.path = path;
        this.handling = handling;
        this.body = body;
        this.answers = answers;
        if (proxied() && (answers.document() == null || answers.events() == null)) {
            throw new IllegalArgumentException("operation: " + this + " (expected: where its answers say their usage)");
        }
        this.number = NUMBERS.getAndIncrement();
    }

    /** Its place among all operations of this process, counted from 0: an index into arrays that are kept per operation. */
    public int number() {
        return number;
    }

    public String method() {
        return method;
    }

    /**
     * The canonical path, as the public APIs spell it; what rules see as {@code Path}, and what metrics call the operation.
     * One parameter may stand in braces, as in {@code /v1/models/{model}}.
     */
    public String path() {
        return path;
    }

    /** The path without its version, which each kind of provider has elsewhere; all of it when it begins with none. */
    public String behindVersion() {
        return path.startsWith(VERSION + '/') ? path.substring(VERSION.length()) : path;
    }

    public Handling handling() {
        return handling;
    }

    public boolean proxied() {
        return handling == Handling.PROXIED;
    }

    public ApiFamily family() {
        return answers.family();
    }

    /** Where a request names its model. */
    public ModelPlace model() {
        return body.model();
    }

    public Body body() {
        return body;
    }

    public Answers answers() {
        return answers;
    }

    @Override
    public String toString() {
        return method + ' ' + path;
    }
}
