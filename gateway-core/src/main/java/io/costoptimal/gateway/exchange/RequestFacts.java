package io.costoptimal.gateway.exchange;

/**
 * What the scan of a request body found.
 *
 * @param model the top-level {@code model} member, or where one would go; never {@code null}
 * @param streaming whether the answer is to be a stream, and whether that is asked to tell its usage
 * @param output how much output the body asks for, at most
 * @param content what of the body is no text, and whether the body is all that the model will read
 * @param bytes length of the body
 */
public record RequestFacts(ModelField model, Streaming streaming, Output output, Content content, int bytes) {

    /** Nobody looks into the body, and nothing is put into it. */
    public static final RequestFacts UNSEEN = ofPassing(new ModelField(null, ModelField.Place.NOWHERE, 0, 0, false));

    /**
     * A body of nothing but text. If it does not ask for usage, nothing is known of where it could.
     *
     * @param stream see {@link Streaming#on}
     * @param maxTokens see {@link Output#maxTokens}
     * @param includeUsage see {@link #includeUsage()}
     */
    public RequestFacts(ModelField model, boolean stream, long maxTokens, boolean includeUsage, int bytes) {
        this(
                model,
                new Streaming(stream, includeUsage ? UsageOption.ASKED : UsageOption.FIXED),
                new Output(maxTokens, 1),
                Content.TEXT,
                bytes);
    }

    /** Of a body that is sent on while it arrives, of which nothing is known but what it says of its model. */
    public static RequestFacts ofPassing(ModelField model) {
        return new RequestFacts(model, new Streaming(false, UsageOption.FIXED), Output.NOT_TOLD, Content.UNKNOWN, 0);
    }

    /** Whether {@code stream} is the literal {@code true}. */
    public boolean stream() {
        return streaming.on();
    }

    /** See {@link Output#maxTokens}. */
    public long maxTokens() {
        return output.maxTokens();
    }

    /** Whether {@code stream_options.include_usage} is the literal {@code true}. */
    public boolean includeUsage() {
        return streaming.usage().place() == UsageOption.Place.ASKED;
    }

    /**
     * The most bytes of text that the body can hold: all its bytes, JSON's own included, but for long values that are no
     * text. As a bound of its tokens it holds unless {@link Content#nonText} or {@link Content#outside} is true.
     */
    public int textBytes() {
        return bytes - content.nonTextBytes();
    }

    /**
     * The model that a body names, and the bytes to replace for it to name another.
     *
     * @param name the unescaped value; {@code null} when there is no such member, or its value is {@code null}
     * @param place what stands between the two offsets
     * @param start offset of the first byte to replace
     * @param end offset just past the last; the same as {@code start} where a member is to be inserted
     * @param alternatives whether the body also has a member by which some providers choose another model, such as
     *     {@code models}, {@code fallbacks} or {@code preset}
     */
    public record ModelField(String name, Place place, int start, int end, boolean alternatives) {

        /** What a name in the body replaces. */
        public enum Place {
            /** The value of the member, quotes included. */
            VALUE,
            /** Nothing: there is no such member. Others follow. */
            BEFORE_MEMBERS,
            /** Nothing: the object is empty. */
            ONLY_MEMBER,
            /** The value of a form's part. */
            FORM_VALUE,
            /** The fields and the value of a form's part, because one of the fields depends on the value. */
            FORM_PART,
            /** Nothing: the form has no such part. It may have others. */
            BEFORE_PARTS,
            /** Nothing: nobody looks into the body, and no name is put there. */
            NOWHERE
        }

        /** A body that names a model, and no alternatives. */
        public ModelField(String name, int start, int end) {
            this(name, Place.VALUE, start, end, false);
        }

        /** A body that names none, with the offset just behind its opening brace. */
        public static ModelField missing(int offset, boolean emptyObject) {
            return new ModelField(null, emptyObject ? Place.ONLY_MEMBER : Place.BEFORE_MEMBERS, offset, offset, false);
        }
    }

    /**
     * How the answer is to come.
     *
     * @param on whether {@code stream} is the literal {@code true}
     * @param usage what {@code stream_options.include_usage} says, and where it would go
     */
    public record Streaming(boolean on, UsageOption usage) {}

    /**
     * What a body says in {@code stream_options.include_usage}, and the bytes to replace for it to say {@code true}.
     *
     * @param place what stands between the two offsets
     * @param start offset of the first byte to replace; of no meaning for {@link Place#ASKED} and {@link Place#FIXED}
     * @param end offset just past the last; the same as {@code start} where something is to be inserted
     */
    public record UsageOption(Place place, int start, int end) {

        /** It says {@code true}. */
        public static final UsageOption ASKED = new UsageOption(Place.ASKED, 0, 0);

        /** It says something else, and that is the client's to say. */
        public static final UsageOption FIXED = new UsageOption(Place.FIXED, 0, 0);

        /** What the body has. */
        public enum Place {
            /** {@code include_usage} is {@code true}. */
            ASKED,
            /** {@code include_usage} is there and anything but {@code true}, or {@code stream_options} is no object. */
            FIXED,
            /** No {@code stream_options}: a first member of the body can be inserted. */
            NO_OPTIONS,
            /** {@code stream_options} is {@code null}: its value can be replaced. */
            NULL_OPTIONS,
            /** {@code stream_options} is an object without members: its only one can be inserted. */
            EMPTY_OPTIONS,
            /** {@code stream_options} has other members: a first one can be inserted. */
            OTHER_OPTIONS
        }
    }

    /**
     * How much output a body asks for.
     *
     * @param maxTokens the largest of {@code max_tokens}, {@code max_completion_tokens} and {@code max_output_tokens} that
     *     are whole numbers, however written ({@code 4e3}, {@code 4000.0}), since a provider may follow any of them; -1
     *     without one. Each answer may have so many
     * @param answers how many answers are generated: the larger of {@code n} and {@code best_of}, 1 without either
     */
    public record Output(long maxTokens, long answers) {

        /** A body that says nothing of it. */
        public static final Output NOT_TOLD = new Output(-1, 1);
    }

    /**
     * What a body says of keeping the answer.
     *
     * @param stores whether {@code store} is {@code true}: the provider is to keep it
     * @param refused whether {@code store} is {@code false}
     * @param background whether {@code background} is {@code true}: the provider goes on with it when it has answered
     */
    public record Kept(boolean stores, boolean refused, boolean background) {

        /** Nothing. */
        public static final Kept UNSAID = new Kept(false, false, false);
    }

    /**
     * Whether the text of a body says all about what the model will read. If not, no bound of tokens or cost is certain.
     *
     * @param nonTextBytes bytes of long values that are no text: encoded images, sound and files, for instance
     * @param nonText whether there are images, sound, files, or content of a type that is not known to be text, or whether the
     *     answer may have some
     * @param outside whether tokens count that the body does not show: a stored conversation, prompt or file, encrypted
     *     reasoning, a tool that the provider runs. Also when it is not known how many answers are asked for
     * @param refers whether there may be ids of objects that a provider keeps
     * @param kept what is said of keeping the answer
     */
    public record Content(int nonTextBytes, boolean nonText, boolean outside, boolean refers, Kept kept) {

        /** Without ids of objects, and not to be stored. */
        public Content(int nonTextBytes, boolean nonText, boolean outside) {
            this(nonTextBytes, nonText, outside, false, Kept.UNSAID);
        }

        /** Nothing but text. */
        public static final Content TEXT = new Content(0, false, false);

        /** Nobody looked, so nothing is certain. */
        public static final Content UNKNOWN = new Content(0, true, true);
    }
}
