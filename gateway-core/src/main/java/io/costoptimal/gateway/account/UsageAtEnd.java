package io.costoptimal.gateway.account;

/**
 * Finds a document's usage from its end, where every API puts it, so that megabytes of answer before it need no look.
 * Stateless.
 *
 * <p>Backwards is as exact as forwards in sound JSON: behind the last brace no string is open, a quote with an even number of
 * backslashes before it opens the string that was entered, and one with an odd number is text. So what a model says cannot
 * pass for usage here either. Of a document that is not sound this may find what reading forwards would not.
 */
final class UsageAtEnd {

    private static final byte[] USAGE = {'u', 's', 'a', 'g', 'e'};

    private UsageAtEnd() {}

    /**
     * Finds the last member of the root that is named {@code usage} and is an object.
     *
     * @param bytes of which those from {@code from} to {@code end} are the last of an object
     * @return the index of its name's first quote; -1 when it is not there or only farther ahead
     */
    static int find(byte[] bytes, int from, int end) {
        int i = end - 1;
        while (i >= from && isBlank(bytes[i])) {
            i--;
        }
        if (i < from || bytes[i] != '}') {
            return -1;
        }
        int depth = 1;
        // The last byte but blanks that has been passed, and the one behind it: a colon and a brace follow the name.
        byte next = '}';
        byte afterNext = 0;
        while (--i >= from && depth > 0) {
            byte c = bytes[i];
            if (c == '"') {
                int last = i;
                i = opening(bytes, from, last);
                if (depth == 1 && next == ':' && afterNext == '{' && isUsage(bytes, i, last)) {
                    return i;
                }
            } else if (c == '}' || c == ']') {
                depth++;
            } else if (c == '{' || c == '[') {
                depth--;
            }
            if (!isBlank(c)) {
                afterNext = next;
                next = c;
            }
        }
        return -1;
    }

    /** The index of the quote that opens the string which {@code closing} closes; below {@code from} if that is not certain. */
    private static int opening(byte[] bytes, int from, int closing) {
        for (int i = closing - 1; i >= from; i--) {
            if (bytes[i] == '"') {
                int slash = i - 1;
                while (slash >= from && bytes[slash] == '\\') {
                    slash--;
                }
                if (slash < from) {
                    break;
                }
                if ((i - slash & 1) == 1) {
                    return i;
                }
                i = slash + 1;
            }
        }
        return from - 1;
    }

    private static boolean isUsage(byte[] bytes, int opening, int closing) {
        if (closing - opening - 1 != USAGE.length) {
            return false;
        }
        for (int i = 0; i < USAGE.length; i++) {
            if (bytes[opening + 1 + i] != USAGE[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isBlank(byte c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
