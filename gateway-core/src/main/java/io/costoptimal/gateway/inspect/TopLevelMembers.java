package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.Output;
import io.costoptimal.gateway.exchange.RequestFacts.Streaming;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption;
import io.costoptimal.gateway.exchange.RequestFacts.UsageOption.Place;

/**
 * What a scan has found so far in the body's own object and in its {@code stream_options}, and which member's value is
 * being read. Hands what tells of the content of the body, at any depth, to a {@link BodyContent}. Owned by its scanner's
 * thread.
 */
final class TopLevelMembers {

    /** Nearly every body is one of these, and its facts need no object of their own then. */
    private static final UsageOption FIRST = new UsageOption(Place.NO_OPTIONS, 1, 1);

    private static final Streaming NO_STREAM = new Streaming(false, FIRST);
    private static final Streaming STREAM = new Streaming(true, FIRST);
    private static final Streaming STREAM_WITH_USAGE = new Streaming(true, UsageOption.ASKED);

    private final BodyContent content = new BodyContent();

    private Member member;
    /** Whether the present name stands in the body's own object. */
    private boolean top;

    private int seen;
    private boolean inOptions;
    /** What {@code stream_options} are, and where {@code include_usage} would go. */
    private Place options;

    private int optionsStart;
    private int optionsEnd;

    private ModelField model;
    private int firstMember;
    private boolean empty;
    private boolean stream;
    private boolean includeUsage;
    private long maxTokens;

    /** @param looking whether to look at the body's content */
    void clear(boolean looking) {
        content.clear(looking);
        member = null;
        top = false;
        seen = 0;
        inOptions = false;
        options = Place.NO_OPTIONS;
        model = null;
        firstMember = 0;
        empty = false;
        stream = false;
        includeUsage = false;
        maxTokens = -1;
    }

    /** The body's own object opens; {@code offset} is that of its first byte behind the brace. */
    void openBody(int offset) {
        firstMember = offset;
    }

    /** The body's own object has closed; {@code empty} when it had no member. */
    void closeBody(boolean empty) {
        this.empty = empty;
    }

    /** Begins a member in the innermost of {@code depth} objects; says whether its name could be one of ours. */
    boolean beginName(int depth) {
        member = null;
        top = depth == 1;
        if (inOptions && depth == 2) {
            options = Place.OTHER_OPTIONS;
            return true;
        }
        return content.beginName(depth) || top;
    }

    /** The member of that name begins. Returns what is wrong with it; {@code null} when nothing is. */
    JsonFault.Kind name(Unescaped name) {
        Member named = top || inOptions ? name.member(inOptions) : null;
        if (named != null) {
            return begin(named, name.spells(named));
        }
        if (!inOptions && content.looking()) {
            content.name(name.contentName(top));
        }
        return null;
    }

    /** The same for a name without escapes. */
    JsonFault.Kind name(byte[] ascii, int from, int length) {
        Member named = top || inOptions ? Member.of(ascii, from, length, inOptions) : null;
        if (named != null) {
            return begin(named, named.isSpelled(ascii, from));
        }
        if (!inOptions && content.looking()) {
            content.name(ContentName.of(ascii, from, length, top));
        }
        return null;
    }

    /** Whether the present name can only be one that tells of the body's content. */
    boolean below() {
        return !top && !inOptions;
    }

    /**
     * The member of that name begins, where {@link #below}.
     *
     * @param word begins with the name
     * @param length of the name, less than eight bytes
     */
    void nameBelow(long word, int length) {
        content.name(ContentName.below(word, length));
    }

    private JsonFault.Kind begin(Member named, boolean exact) {
        member = named;
        if (!exact) {
            return JsonFault.Kind.SPELLING;
        }
        boolean first = (seen & member.bit()) == 0;
        seen |= member.bit();
        if (member == Member.STREAM_OPTIONS) {
            options = Place.FIXED;
        }
        return first ? null : JsonFault.Kind.DUPLICATE;
    }

    /** The member whose value comes next or is being read; {@code null} when it is none of ours. */
    Member member() {
        return member;
    }

    boolean expectsModel() {
        return member == Member.MODEL;
    }

    /** A string begins as a value; returns whether it is to be read. */
    boolean beginString() {
        if (member == Member.N) {
            content.answers(-1);
        }
        return content.beginString() || expectsModel();
    }

    /** A number or {@code true} begins as a value. */
    void beginScalar() {
        content.beginScalar();
    }

    /** The present string is the type of what it stands in. */
    void type(TextType type) {
        content.type(type);
    }

    /** A string that was not read is over, with so many bytes between its quotes. */
    void passed(int bytes) {
        content.passed(bytes);
    }

    /**
     * An object or array opens within {@code depth} others: what is in it belongs to none of ours, unless it is the options.
     *
     * @param offset of its first byte behind the brace or bracket
     */
    void open(boolean object, int depth, int offset) {
        content.open(depth);
        if (member == Member.STREAM_OPTIONS) {
            content.openOptions();
            inOptions = object;
            options(object ? Place.EMPTY_OPTIONS : Place.FIXED, offset, offset);
        }
        member = null;
    }

    /** An object or array has closed; {@code depth} are still open. */
    void close(int depth) {
        content.close(depth);
        inOptions &= depth > 1;
    }

    private void options(Place place, int start, int end) {
        options = place;
        optionsStart = start;
        optionsEnd = end;
    }

    /** @param name {@code null} for the literal */
    void model(String name, int start, int end) {
        model = new ModelField(name, start, end);
    }

    void literalTrue() {
        stream |= member == Member.STREAM;
        includeUsage |= member == Member.INCLUDE_USAGE;
    }

    void literalFalse() {
        content.literalFalse();
    }

    /** {@code null} is over, which stands between these offsets. */
    void literalNull(int start, int end) {
        if (expectsModel()) {
            model(null, start, end);
        } else if (member == Member.STREAM_OPTIONS) {
            options(Place.NULL_OPTIONS, start, end);
        }
    }

    /** @param value of a whole number that is not negative, or -1 for any other */
    void number(long value) {
        if (value > maxTokens && member != null && member.limitsTokens()) {
            // A provider may follow any of the three fields, so only the largest is a bound.
            maxTokens = value;
        } else if (member == Member.N) {
            content.answers(value);
        } else if (member == null) {
            content.number(value);
        }
    }

    RequestFacts facts(int bytes) {
        ModelField field = model == null ? ModelField.missing(firstMember, empty) : model;
        if ((seen & Member.ALTERNATIVES) != 0) {
            field = new ModelField(field.name(), field.place(), field.start(), field.end(), true);
        }
        return new RequestFacts(field, streaming(), output(), content.content(), bytes);
    }

    private Streaming streaming() {
        if ((seen & Member.INCLUDE_USAGE.bit()) != 0) {
            return includeUsage && stream
                    ? STREAM_WITH_USAGE
                    : new Streaming(stream, includeUsage ? UsageOption.ASKED : UsageOption.FIXED);
        }
        if (options != Place.NO_OPTIONS) {
            UsageOption usage =
                    options == Place.FIXED ? UsageOption.FIXED : new UsageOption(options, optionsStart, optionsEnd);
            return new Streaming(stream, usage);
        }
        if (firstMember == 1) {
            return stream ? STREAM : NO_STREAM;
        }
        return new Streaming(stream, new UsageOption(Place.NO_OPTIONS, firstMember, firstMember));
    }

    private Output output() {
        long answers = content.answers();
        return maxTokens < 0 && answers == 1 ? Output.NOT_TOLD : new Output(maxTokens, answers);
    }
}
