package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.inspect.JsonFault.Kind;

/**
 * The inside of one string after another, checked byte by byte wherever it is cut: escapes, control characters, UTF-8. Owned
 * by its scanner's thread.
 *
 * <p>A string that somebody reads is kept in an {@link Unescaped}; of any other, {@link StringText} passes by what lies whole
 * in one buffer.
 */
final class JsonString {

    private enum Within {
        TEXT,
        ESCAPE,
        HEX,
        CHARACTER
    }

    private final Unescaped text;
    private final Utf8 character = new Utf8();

    private Within within = Within.TEXT;
    private boolean kept;
    private boolean bounded;
    private int hex;
    private int hexLeft;
    private Kind fault;

    /** @param text what strings that are kept become */
    JsonString(Unescaped text) {
        this.text = text;
    }

    /**
     * Begins with what is left of a string: all of it, if somebody reads it; of any other, a part may have been passed by.
     *
     * @param keep whether somebody reads it, as far as an {@link Unescaped} holds it
     * @param limit whether one that is longer than an {@link Unescaped} holds is refused
     */
    void begin(boolean keep, boolean limit) {
        kept = keep;
        bounded = keep && limit;
        within = Within.TEXT;
        fault = null;
        if (keep) {
            text.clear();
        }
    }

    /**
     * Goes on from {@code i}.
     *
     * @return where the closing quote stands; or where the byte that is wrong stands, and {@link #fault} says how; or
     *     {@code to} when the string goes on
     */
    int read(byte[] a, int i, int to) {
        int at = i;
        while (at < to) {
            if (within == Within.TEXT && (!kept || !bounded && text.tooLong())) {
                at = StringText.skip(a, at, to);
                if (at == to) {
                    return to;
                }
            }
            if (a[at] == '"' && within == Within.TEXT) {
                return at;
            }
            fault = wrongWith(a[at]);
            if (fault != null) {
                return at;
            }
            at++;
        }
        return to;
    }

    /** What was wrong with the present string; {@code null} when nothing was. */
    Kind fault() {
        return fault;
    }

    /** Takes one byte that does not end the string. */
    private Kind wrongWith(byte b) {
        return switch (within) {
            case TEXT -> text(b);
            case ESCAPE -> escape(b);
            case HEX -> hex(b);
            case CHARACTER -> character.next(b) ? continued(b) : Kind.UTF8;
        };
    }

    private Kind text(byte b) {
        if (b == '\\') {
            within = Within.ESCAPE;
            return null;
        }
        if (b >= 0) {
            return b < ' ' ? Kind.CONTROL : keep(b);
        }
        within = Within.CHARACTER;
        return character.begin(b) ? continued(b) : Kind.UTF8;
    }

    private Kind escape(byte letter) {
        if (letter == 'u') {
            hexLeft = 4;
            hex = 0;
            within = Within.HEX;
            return null;
        }
        byte meant = StringText.unescape(letter);
        return meant == 0 ? Kind.ESCAPE : keep(meant);
    }

    private Kind hex(byte b) {
        int digit = StringText.digit(b);
        if (digit < 0) {
            return Kind.HEX;
        }
        hex = hex << 4 | digit;
        if (--hexLeft > 0) {
            return null;
        }
        if (kept) {
            text.addUnit((char) hex);
        }
        return whole();
    }

    /** One byte of a character beyond ASCII, which is judged with its last. */
    private Kind continued(byte b) {
        if (kept) {
            text.add(b);
        }
        return character.done() ? whole() : null;
    }

    private Kind keep(byte b) {
        if (kept) {
            text.add(b);
        }
        return whole();
    }

    /** A character of the string, however written, is over. */
    private Kind whole() {
        within = Within.TEXT;
        return bounded && text.tooLong() ? Kind.TOO_LONG : null;
    }
}
