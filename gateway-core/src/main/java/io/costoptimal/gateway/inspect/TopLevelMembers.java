package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;

/**
 * What a scan has found so far in the body's own object and in its {@code stream_options}, and which member's value is
 * being read. Owned by its scanner's thread.
 */
final class TopLevelMembers {

    private Member member;
    private int seen;
    private boolean inOptions;

    private ModelField model;
    private int firstMember;
    private boolean empty;
    private boolean stream;
    private boolean includeUsage;
    private long maxTokens;

    void clear() {
        member = null;
        seen = 0;
        inOptions = false;
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

    /** Begins a member; says whether its name could be one of ours. */
    boolean beginName(int depth) {
        member = null;
        return depth == 1 || inOptions && depth == 2;
    }

    /** The member of that name begins. Returns what is wrong with it; {@code null} when nothing is. */
    JsonFault.Kind name(Unescaped name) {
        Member named = name.member(inOptions);
        return begin(named, named != null && name.spells(named));
    }

    /** The same for a name without escapes. */
    JsonFault.Kind name(byte[] ascii, int from, int length) {
        Member named = Member.of(ascii, from, length, inOptions);
        return begin(named, named != null && named.isSpelled(ascii, from));
    }

    private JsonFault.Kind begin(Member named, boolean exact) {
        member = named;
        if (member == null) {
            return null;
        }
        if (!exact) {
            return JsonFault.Kind.SPELLING;
        }
        boolean first = (seen & member.bit()) == 0;
        seen |= member.bit();
        return first ? null : JsonFault.Kind.DUPLICATE;
    }

    /** The member whose value comes next or is being read; {@code null} when it is none of ours. */
    Member member() {
        return member;
    }

    boolean expectsModel() {
        return member == Member.MODEL;
    }

    /** An object or array opens: what is in it belongs to none of ours, unless it is the options. */
    void open(boolean object) {
        inOptions |= object && member == Member.STREAM_OPTIONS;
        member = null;
    }

    /** An object or array has closed; {@code depth} are still open. */
    void close(int depth) {
        inOptions &= depth > 1;
    }

    /** @param name {@code null} for the literal */
    void model(String name, int start, int end) {
        model = new ModelField(name, start, end);
    }

    void literalTrue() {
        stream |= member == Member.STREAM;
        includeUsage |= member == Member.INCLUDE_USAGE;
    }

    /** @param value of a whole number that is not negative, or -1 for any other */
    void number(long value) {
        if (value > maxTokens && member != null && member.limitsTokens()) {
            // A provider may follow any of the three fields, so only the largest is a bound.
            maxTokens = value;
        }
    }

    RequestFacts facts(int bytes) {
        ModelField field = model == null ? ModelField.missing(firstMember, empty) : model;
        if ((seen & Member.ALTERNATIVES) != 0) {
            field = new ModelField(field.name(), field.place(), field.start(), field.end(), true);
        }
        return new RequestFacts(field, stream, maxTokens, includeUsage, bytes);
    }
}
