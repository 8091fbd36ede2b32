package io.costoptimal.gateway.account;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Arrays;

/**
 * Looks at one event of a chat stream as it comes, to tell whether it does nothing but tell usage: an object with an empty
 * {@code choices} and a {@code usage} that is an object. Confined to the event loop of its exchange; used again after
 * {@link #clear}.
 */
final class ChunkShape {

    private static final byte[] CHOICES = "choices".getBytes(US_ASCII);
    private static final byte[] USAGE = "usage".getBytes(US_ASCII);

    /** Bytes of a name that are kept: one more than the longest of the two has. */
    private static final int KEPT = CHOICES.length + 1;

    private enum Value {
        OTHER,
        CHOICES,
        /** Within {@code choices}, before anything is in it. */
        NO_CHOICE,
        USAGE
    }

    private final byte[] name = new byte[KEPT];
    private int length;

    private int depth;
    private boolean inString;
    private boolean escaped;
    /** Whether the present string is a name of the event's own object. */
    private boolean naming;

    private boolean nameNext;
    private Value value = Value.OTHER;
    private boolean noChoice;
    private boolean usage;
    private boolean closed;
    private boolean other;

    void clear() {
        depth = 0;
        inString = false;
        escaped = false;
        naming = false;
        nameNext = false;
        value = Value.OTHER;
        noChoice = false;
        usage = false;
        closed = false;
        other = false;
    }

    /** Whether it is certain already that the event is something else. */
    boolean other() {
        return other;
    }

    /** Whether the event is whole, and tells nothing but usage. */
    boolean onlyUsage() {
        return !other && closed && noChoice && usage;
    }

    /** Reads on in the data of the event. Stops early once it is {@link #other}. */
    void feed(byte[] bytes, int from, int end) {
        for (int i = from; i < end && !other; i++) {
            byte c = bytes[i];
            if (inString) {
                string(c);
            } else if (c > ' ' || c < 0) {
                structure(c);
            }
        }
    }

    private void string(byte c) {
        if (c == '"' && !escaped) {
            inString = false;
            if (naming) {
                naming = false;
                value = is(CHOICES) ? Value.CHOICES : is(USAGE) ? Value.USAGE : Value.OTHER;
            }
            return;
        }
        escaped = c == '\\' && !escaped;
        if (naming && length < KEPT) {
            name[length++] = c;
        }
    }

    private boolean is(byte[] ours) {
        return Arrays.equals(ours, 0, ours.length, name, 0, length);
    }

    private void structure(byte c) {
        if (depth == 0) {
            begin(c);
            return;
        }
        if (value == Value.NO_CHOICE) {
            value = Value.OTHER;
            noChoice = c == ']';
            other |= c != ']';
        } else if (value != Value.OTHER && c != ':') {
            other |= c != (value == Value.CHOICES ? '[' : '{');
            usage |= value == Value.USAGE;
            value = value == Value.CHOICES ? Value.NO_CHOICE : Value.OTHER;
        }
        switch (c) {
            case '{', '[' -> {
                depth++;
                nameNext = false;
            }
            case '}', ']' -> {
                depth--;
                closed = depth == 0;
            }
            case '"' -> {
                inString = true;
                naming = nameNext;
                nameNext = false;
                length = 0;
            }
            case ',' -> nameNext = depth == 1;
            default -> {}
        }
    }

    /** The first byte of the event's object; anything else, and anything behind it, is no event of a chat. */
    private void begin(byte c) {
        other = c != '{' || closed;
        depth = 1;
        nameNext = true;
    }
}
