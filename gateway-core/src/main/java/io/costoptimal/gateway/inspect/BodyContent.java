package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts.Content;
import io.costoptimal.gateway.exchange.RequestFacts.Kept;
import io.costoptimal.gateway.inspect.ContentName.Effect;

/**
 * Whether what a scan has passed so far is text and nothing else. Owned by its scanner's thread.
 *
 * <p>Told the names of members and what their values begin with; of the values it sees only those of {@code type}. It judges
 * carefully: content of a type that it does not know is taken for something that is no text.
 */
final class BodyContent {

    /** Encoded data is seldom shorter, and what is shorter makes no difference to a bound. */
    private static final int LONG_BYTES = 256;

    private static final int NOWHERE = -1;

    /** The member whose value comes next or is being read; {@code null} when it is none of ours. */
    private ContentName member;

    /** Names that stand in more open objects and arrays than so many are not looked at. */
    private int deepest;
    /** The limit ends when no more than so many objects and arrays are open. */
    private int limitEnds;

    private boolean tools;
    /** Within the items of a response. */
    private boolean items;

    /** What {@link #deepest} is where nothing limits it: any number, or 0 when nobody is to look. */
    private int unlimited;

    private int nonTextBytes;
    private boolean nonText;
    private boolean outside;
    private boolean refers;
    private boolean stores;
    private boolean refused;
    private boolean background;
    private long answers;

    /** @param looking whether to look at all */
    void clear(boolean looking) {
        member = null;
        unlimited = looking ? Integer.MAX_VALUE : 0;
        items = false;
        endLimit();
        nonTextBytes = 0;
        nonText = false;
        outside = false;
        refers = false;
        stores = false;
        refused = false;
        background = false;
        answers = 1;
    }

    private void endLimit() {
        deepest = unlimited;
        limitEnds = NOWHERE;
        tools = false;
    }

    /** A name begins in the innermost of {@code depth} objects and arrays; returns whether it is to be read. */
    boolean beginName(int depth) {
        member = null;
        return depth <= deepest;
    }

    /** Whether the names in the body's own object are looked at. */
    boolean looking() {
        return unlimited > 0;
    }

    /** The member of that name begins. */
    void name(ContentName named) {
        member = named;
    }

    /** A string begins as a value; returns whether it is to be read, for {@link #type}. */
    boolean beginString() {
        if (member == null) {
            return false;
        }
        mark();
        return member.has(Effect.TYPE);
    }

    /** A number or {@code true} begins as a value. */
    void beginScalar() {
        if (member != null) {
            mark();
        }
    }

    /** {@code false} is over. */
    void literalFalse() {
        refused |= member != null && member.has(Effect.STORES);
    }

    /** An object or array opens as a value, within {@code depth} others. */
    void open(int depth) {
        if (member == null) {
            return;
        }
        mark();
        outside |= member.has(Effect.OUTSIDE_UNLESS_STRING);
        items |= member.has(Effect.ITEMS);
        if (member.has(Effect.TOOLS)) {
            tools = true;
            limit(depth, depth + 2);
        } else if (member.has(Effect.OPAQUE) && !tools) {
            limit(depth, depth);
        }
        member = null;
    }

    /** The body's own {@code stream_options} open, which are no content. */
    void openOptions() {
        limit(1, Math.min(1, unlimited));
    }

    private void limit(int ends, int names) {
        limitEnds = ends;
        deepest = names;
    }

    /** An object or array has closed; {@code depth} are still open. */
    void close(int depth) {
        member = null;
        items &= depth > 1;
        if (depth <= limitEnds) {
            endLimit();
        }
    }

    private void mark() {
        nonText |= member.has(Effect.NON_TEXT);
        outside |= member.has(Effect.OUTSIDE);
        refers |= member.has(Effect.REFERS) || items && member.has(Effect.ITEM_ID);
        stores |= member.has(Effect.STORES);
        background |= member.has(Effect.BACKGROUND);
    }

    /** The present string is over, for which {@link #beginString} returned true; {@code null} when its type is unknown. */
    void type(TextType type) {
        refers |= type != null && type.refers();
        if (tools) {
            // What a provider's own tools are given may refer to objects deeper than is looked at here.
            boolean hosted = type == null || !type.tool();
            outside |= hosted;
            refers |= hosted;
        } else {
            nonText |= type == null || type.refers();
        }
    }

    /** A string that was not read is over; it may have been a name. */
    void passed(int bytes) {
        if (member != null && bytes >= LONG_BYTES && member.has(Effect.ENCODED)) {
            nonTextBytes += bytes;
            nonText = true;
        }
    }

    /** A number is over; see {@link JsonNumber#whole}. */
    void number(long value) {
        if (member != null && member.has(Effect.ANSWERS)) {
            answers(value);
        }
    }

    /** How many answers the body asks for; not known if {@code value} is negative. */
    void answers(long value) {
        answers = Math.max(answers, value);
        outside |= value < 0;
    }

    long answers() {
        return answers;
    }

    Content content() {
        if (unlimited == 0) {
            return Content.UNKNOWN;
        }
        boolean kept = stores || refused || background;
        return nonText || outside || refers || kept
                ? new Content(
                        nonTextBytes,
                        nonText,
                        outside,
                        refers,
                        kept ? new Kept(stores, refused, background) : Kept.UNSAID)
                : Content.TEXT;
    }
}
