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
        /** In the body, which may leave it out; Azure's resources take it from the path, as the name of a deployment. */
        OPTIONAL_DEPLOYMENT,
        /** In a part of a form; Azure's resources take it from the path. */
        FORM,
        /** In a part of a form, which may leave it out; Azure's resources take it from the path. */
        OPTIONAL_FORM,
        /** In place of the parameter of {@link #path}. */
        PATH,
        /** Nowhere. */
        NONE;

        /** Whether a request may leave the model out. */
        public boolean mayBeMissing() {
            return this == OPTIONAL || this == OPTIONAL_DEPLOYMENT || this == OPTIONAL_FORM || this == NONE;
        }

        /** Whether a form names it. */
        public boolean inForm() {
            return this == FORM || this == OPTIONAL_FORM;
        }

        /** Whether Azure's resources take the model from the path, as the name of a deployment. */
        public boolean byDeployment() {
            return this == DEPLOYMENT || this == OPTIONAL_DEPLOYMENT || inForm();
        }
    }

    /** What is done with a request's body on its way. */
    public enum BodyPolicy {
        /** It is one JSON object, held until it is understood, and then sent. */
        HELD_JSON,
        /**
         * It is a form of parts (RFC 7578). If a part may name a model, it is held until that has come; then it is sent on while
         * the rest arrives. A JSON object in its place is treated like any other: clients send one where they have no file.
         */
        MULTIPART,
        /** Whatever bytes it has; sent on while it arrives. */
        STREAMED,
        /** None is needed. A short one is held and sent all the same. */
        NONE
    }

    /**
     * What an operation has to do with objects that a provider keeps: files, stored answers and the like. They belong to the
     * key that made them.
     *
     * @param kind of the objects
     * @param role what it does with them
     */
    public record Objects(Kind kind, Role role) {

        /** It has nothing to do with any. */
        public static final Objects NONE = new Objects(Kind.OTHER, Role.NONE);

        /** What a request does. */
        public enum Role {
            /** It answers, and nothing is kept that could be asked for. */
            NONE,
            /** It makes an object, whose id is in the answer. */
            CREATES,
            /** It reads, changes or uses the objects that its path names. */
            READS,
            /** It deletes the last of the objects that its path names. */
            DELETES,
            /** It lists objects, whoever made them. */
            LISTS
        }

        /** What the first object is that a path names, or what is made or listed. */
        public enum Kind {
            RESPONSE,
            CHAT,
            FILE,
            UPLOAD,
            BATCH,
            MESSAGE_BATCH,
            FINE_TUNING_JOB,
            VECTOR_STORE,
            EVAL,
            CONTAINER,
            CONVERSATION,
            VIDEO,
            /** A credential of the provider's, which lets its holder past the gateway: served only where a route says so. */
            CREDENTIAL,
            OTHER
        }
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
     * @param policy what is done with it on its way
     */
    public record Body(ModelPlace model, BodyText.Walker text, BodyPolicy policy) {

        private static final BodyText.Walker NO_TEXT = in -> name -> in.skip();

        /** There is no body that anybody looks at. */
        public static final Body NONE = new Body(ModelPlace.NONE, NO_TEXT, BodyPolicy.NONE);

        /** One JSON object that names no model. */
        public static final Body JSON = new Body(ModelPlace.NONE, NO_TEXT);

        /** A form that may leave the model out, as where the API has one of its own for that case. */
        public static final Body OPTIONAL_FORM = new Body(ModelPlace.OPTIONAL_FORM, NO_TEXT, BodyPolicy.MULTIPART);

        /** A form that names a model. */
        public static final Body FORM = new Body(ModelPlace.FORM, NO_TEXT, BodyPolicy.MULTIPART);

        /** A form that names no model. */
        public static final Body FILE = new Body(ModelPlace.NONE, NO_TEXT, BodyPolicy.MULTIPART);

        /** Whatever bytes there are. */
        public static final Body STREAMED = new Body(ModelPlace.NONE, NO_TEXT, BodyPolicy.STREAMED);

        /** One JSON object. */
        public Body(ModelPlace model, BodyText.Walker text) {
            this(model, text, BodyPolicy.HELD_JSON);
        }
    }

    /**
     * What a request line must be for a row.
     *
     * @param method the one method; {@code HEAD} is served wherever the gateway itself answers {@code GET}
     * @param path see {@link Operation#path}
     */
    public record Line(String method, String path) {}

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

        /** Answers that nothing is charged for by tokens. */
        public static Answers free(ApiFamily family, ErrorEvent broken) {
            return new Answers(family, UsageDialect.NOTHING, UsageDialect.NOTHING, broken, null);
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
    private final Line line;
    private final Handling handling;
    private final Body body;
    private final Answers answers;
    private final Objects objects;

    /** A row that has nothing to do with objects; see the other constructor. */
    public Operation(String method, String path, Handling handling, Body body, Answers answers) {
        this(new Line(method, path), handling, body, answers, Objects.NONE);
    }

    /**
     * A row of its own.
     *
     * @throws IllegalArgumentException when providers answer it, and {@code answers} does not say where they tell usage
     */
    public Operation(Line line, Handling handling, Body body, Answers answers, Objects objects) {
        this.line = line;
        this.handling = handling;
        this.body = body;
        this.answers = answers;
        this.objects = objects;
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
        return line.method();
    }

    /**
     * The canonical path, as the public APIs spell it; what rules see as {@code Path}, and what metrics call the operation.
     * Parameters stand in braces, each in the place of one segment, as in {@code /v1/files/{file_id}/content}. One at the end
     * may stand for several: a model ({@link ModelPlace#PATH}), or a rest called {@code *}, as in {@code /v1/new/{*}}.
     */
    public String path() {
        return line.path();
    }

    /** Whether the path has a parameter. */
    public boolean hasParameters() {
        return line.path().indexOf('{') >= 0;
    }

    /** The path without its version, which each kind of provider has elsewhere; all of it when it begins with none. */
    public String behindVersion() {
        String path = line.path();
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

    /** Whether a request without a body can only be refused. */
    public boolean needsBody() {
        return body.policy() == BodyPolicy.HELD_JSON || body.policy() == BodyPolicy.MULTIPART;
    }

    public Answers answers() {
        return answers;
    }

    /** What it has to do with objects that a provider keeps. */
    public Objects objects() {
        return objects;
    }

    @Override
    public String toString() {
        return line.method() + ' ' + line.path();
    }
}
