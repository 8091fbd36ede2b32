package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;

/**
 * What a scan has found so far in the body's own object and in its {@code stream_options}, and which member's value is
 * being read. Owned by its scanner's thread.
 */
final class Findings {

    private Member member;
    private int seen;
    private boolean inOptions;

    private ModelField model;
    private boolean stream;
    private boolean includeUsage;
    private long maxTokens;

    void clear() {
        member = null;
        seen = 0;
        inOptions = false;
        model = null;
        stream = false;
        includeUsage = false;
        maxTokens = -1;
    }

    /** Begins a member; says whether its name could be one of ours. */
    boolean beginName(int depth) {
        member = null;
        return depth == 1 || inOptions && depth == 2;
    }

    /** The member of that name begins; false when it has been there before. */
    boolean name(Unescaped name) {
        return begin(name.member(inOptions));
    }

    /** The same for a name without escapes. */
    boolean name(byte[] ascii, int from, int length) {
        return begin(Member.of(ascii, from, length, inOptions));
    }

    private boolean begin(Member named) {
        member = named;
        if (member == null) {
            return true;
        }
        boolean first = (seen & member.bit()) == 0;
        seen |= member.bit();
        return first;
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
        return new RequestFacts(model, stream, maxTokens, includeUsage, bytes);
    }
}
