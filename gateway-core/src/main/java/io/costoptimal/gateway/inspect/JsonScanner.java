package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.http.Swar;
import io.costoptimal.gateway.inspect.JsonFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Scans one JSON document while it arrives and finds the members that decide where a request goes. Owned by the event
 * loop of its connection; used again after {@link #reset}.
 *
 * <p>Accepts exactly one object of RFC 8259 in valid UTF-8, without a byte order mark, nested no deeper than its limit,
 * with each {@link Member} at most once and in its own spelling (names compared without their escapes), and with a usable {@code model} if any. The
 * verdict, its offset and the facts depend on the bytes alone, never on how they were cut. Needs constant memory and
 * allocates nothing but the model's name and the facts.
 *
 * <p>The one misuse: trusting {@link #facts} before {@link #end} said yes; a duplicate may be the last member.
 *
 * <p>Between tokens {@link #structure} moves it. A token that does not lie whole in one buffer is left to
 * {@link JsonString}, {@link JsonNumber} or {@link #literal}. Inside strings, where nearly all bytes of a chat are,
 * {@link StringText} looks at eight bytes at once.
 *
 * <p>Longer than most classes because the way from one token to the next is one loop, and all its steps belong to it.
 */
public final class JsonScanner {

    // Between tokens: what may come next.
    private static final int ROOT = 0;
    private static final int MEMBER_OR_END = 1;
    private static final int MEMBER = 2;
    private static final int COLON = 3;
    private static final int VALUE = 4;
    private static final int ELEMENT_OR_END = 5;
    private static final int NEXT_OR_END = 6;
    private static final int TRAILING = 7;
    // Inside a token.
    private static final int STRING = 8;
    private static final int NUMBER = 9;
    private static final int LITERAL = 10;
    // Nothing any more.
    private static final int REFUSED = 11;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** Where bytes of direct buffers are looked at: copying is nearly free, reading them one by one is not. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[8 * 1024];
        }
    };

    private final Nesting nesting;
    private final TopLevelMembers found = new TopLevelMembers();
    private final Unescaped text = new Unescaped();
    private final JsonString string = new JsonString(text);
    private final JsonNumber number = new JsonNumber();

    /** A connection asks for one model again and again; {@code null} before the first. */
    private String lastModel;

    private int state;
    private JsonFault fault;
    private int length;
    /** Add it to an index into the present window and get an offset in the document. */
    private int base;

    private int stringStart;
    /** Whether somebody reads the present string: a name that may be one of ours, the model, or a type. */
    private boolean kept;
    /** Whether it is such a name, and stands in another object than the body's own. */
    private boolean below;
    /** COLON after a name, NEXT_OR_END after a value. */
    private int afterString;

    private byte[] literal;
    private int literalAt;

    /** @param maxDepth of nested objects and arrays, the document's own included */
    public JsonScanner(int maxDepth) {
        nesting = new Nesting(maxDepth);
        reset(true);
    }

    /**
     * Begins another document.
     *
     * @param content whether to look for what of it is no text; if not, the facts say that nobody looked
     */
    public void reset(boolean content) {
        nesting.clear();
        found.clear(content);
        state = ROOT;
        fault = null;
        length = 0;
    }

    /**
     * Reads on.
     *
     * @param bytes borrowed; its indices stay where they are
     * @return false when the document is refused, whatever may follow
     */
    public boolean scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int left = bytes.readableBytes();
        if (bytes.hasArray()) {
            window(bytes.array(), bytes.arrayOffset() + at, left);
            return fault == null;
        }
        byte[] scratch = SCRATCH.get();
        while (left > 0 && fault == null) {
            int n = Math.min(left, scratch.length);
            bytes.getBytes(at, scratch, 0, n);
            window(scratch, 0, n);
            at += n;
            left -= n;
        }
        return fault == null;
    }

    /** The document is over. Returns false when it is refused. */
    public boolean end() {
        if (state == ROOT) {
            refuse(length == 0 ? Kind.EMPTY : Kind.BLANK, null, length);
        } else if (state != TRAILING && state != REFUSED) {
            refuse(Kind.TOO_SHORT, null, length);
        }
        return fault == null;
    }

    /** Why the document was refused; {@code null} as long as it was not. */
    public JsonFault fault() {
        return fault;
    }

    /** What was found, once {@link #end} returned true. */
    public RequestFacts facts() {
        return found.facts(length);
    }

    private void window(byte[] a, int from, int n) {
        int to = from + n;
        base = length - from;
        int i = from;
        while (i < to) {
            i = switch (state) {
                case STRING -> string(a, i, to);
                case NUMBER -> number(a, i, to);
                case LITERAL -> literal(a[i], i);
                case REFUSED -> to;
                default -> structure(a, i, to);
            };
        }
        length = Math.addExact(length, n);
    }

    /** Between tokens: white space, punctuation, and the first byte of each token. Returns where a token goes on. */
    private int structure(byte[] a, int i, int to) {
        while (i < to) {
            byte b = a[i];
            switch (b) {
                case ' ', '\n', '\t', '\r' -> {}
                case '"' -> {
                    beginString(i);
                    if (state != STRING) {
                        return i + 1;
                    }
                    int at = below
                            ? nameBelow(a, i + 1, to)
                            : kept ? plainString(a, i + 1, to) : StringText.skip(a, i + 1, to);
                    if (at == to || a[at] != '"') {
                        string.begin(kept, afterString == NEXT_OR_END && found.expectsModel());
                        return at;
                    }
                    if (!kept) {
                        found.passed(at - i - 1);
                    }
                    state = state == STRING ? afterString : state;
                    i = at;
                }
                case ':' -> move(state == COLON, VALUE, i, b);
                case ',' -> move(state == NEXT_OR_END, nextInContainer(), i, b);
                case '{', '[' -> open(b == '{', i, b);
                case '}' -> close(state == MEMBER_OR_END || state == NEXT_OR_END && nesting.inObject(), i, b);
                case ']' -> close(state == ELEMENT_OR_END || state == NEXT_OR_END && !nesting.inObject(), i, b);
                default -> {
                    beginScalar(b, i);
                    return i + 1;
                }
            }
            i++;
            if (state == REFUSED) {
                return to;
            }
        }
        return to;
    }

    private void move(boolean allowed, int to, int i, byte b) {
        if (allowed) {
            state = to;
        } else {
            unexpected(b, i);
        }
    }

    private int nextInContainer() {
        return state == NEXT_OR_END && nesting.inObject() ? MEMBER : VALUE;
    }

    private boolean valueMayBegin() {
        return state == VALUE || state == ELEMENT_OR_END;
    }

    private void open(boolean object, int i, byte b) {
        if (!valueMayBegin() && !(state == ROOT && object)) {
            unexpected(b, i);
        } else if (found.expectsModel()) {
            refuse(Kind.NOT_A_STRING, Member.MODEL, base + i);
        } else if (!nesting.open(object)) {
            refuse(Kind.TOO_DEEP, null, base + i);
        } else {
            if (state == ROOT) {
                found.openBody(base + i + 1);
            }
            found.open(object, nesting.depth() - 1, base + i + 1);
            state = object ? MEMBER_OR_END : ELEMENT_OR_END;
        }
    }

    private void close(boolean allowed, int i, byte b) {
        if (!allowed) {
            unexpected(b, i);
            return;
        }
        nesting.close();
        found.close(nesting.depth());
        if (nesting.depth() > 0) {
            state = NEXT_OR_END;
        } else {
            found.closeBody(state == MEMBER_OR_END);
            state = TRAILING;
        }
    }

    private void beginString(int i) {
        stringStart = base + i;
        if (state == MEMBER || state == MEMBER_OR_END) {
            afterString = COLON;
            kept = found.beginName(nesting.depth());
            below = kept && found.below();
        } else if (valueMayBegin()) {
            afterString = NEXT_OR_END;
            kept = found.beginString();
            below = false;
        } else {
            unexpected((byte) '"', i);
            return;
        }
        state = STRING;
    }

    private void beginScalar(byte b, int i) {
        byte[] word = b == 't' ? TRUE : b == 'f' ? FALSE : b == 'n' ? NULL : null;
        boolean numeric = b == '-' || b >= '0' && b <= '9';
        if (!valueMayBegin() || word == null && !numeric) {
            unexpected(b, i);
        } else if (found.expectsModel() && word != NULL) {
            refuse(Kind.NOT_A_STRING, Member.MODEL, base + i);
        } else if (numeric) {
            found.beginScalar();
            number.begin(b);
            state = NUMBER;
        } else {
            if (word == TRUE) {
                found.beginScalar();
            }
            literal = word;
            literalAt = 1;
            state = LITERAL;
        }
    }

    private int string(byte[] a, int i, int to) {
        int at = string.read(a, i, to);
        Kind wrong = string.fault();
        if (wrong != null) {
            return wrong == Kind.TOO_LONG ? refuse(wrong, Member.MODEL, stringStart) : refuse(wrong, null, base + at);
        }
        if (at == to) {
            return to;
        }
        state = afterString;
        if (!kept) {
            found.passed(base + at - stringStart - 1);
            return at + 1;
        }
        text.settle();
        return afterString == COLON ? endName(at) : endValue(at);
    }

    /** The same as {@link #plainString} for a name, and faster for nearly all: those of less than eight bytes. */
    private int nameBelow(byte[] a, int start, int to) {
        if (to - start >= Long.BYTES) {
            long word = Swar.word(a, start);
            long ends = Swar.plainTextEnds(word);
            if (ends != 0) {
                int n = Swar.first(ends);
                if (a[start + n] != '"') {
                    return start;
                }
                found.nameBelow(word, n);
                return start + n;
            }
        }
        return plainString(a, start, to);
    }

    /**
     * Takes a string that is kept at once, if it lies whole in the window, in plain ASCII. Returns where its quote stands, or
     * where it begins when it is none such.
     */
    private int plainString(byte[] a, int start, int to) {
        int at = StringText.plain(a, start, to);
        int n = at - start;
        if (n > Unescaped.CAPACITY || at == to || a[at] != '"') {
            return start;
        }
        if (afterString == NEXT_OR_END && !found.expectsModel()) {
            found.type(TextType.of(a, start, n));
        } else if (afterString == NEXT_OR_END) {
            text.set(a, start, n);
            endModel(at);
        } else {
            Kind wrong = found.name(a, start, n);
            if (wrong != null) {
                refuse(wrong, found.member(), stringStart);
            }
        }
        return at;
    }

    private int endName(int i) {
        Kind wrong = found.name(text);
        return wrong == null ? i + 1 : refuse(wrong, found.member(), stringStart);
    }

    private int endValue(int i) {
        if (found.expectsModel()) {
            return endModel(i);
        }
        found.type(text.type());
        return i + 1;
    }

    private int endModel(int i) {
        String name = lastModel != null && text.is(lastModel) ? lastModel : text.toString();
        Kind wrong = name == lastModel ? null : text.wrongAsModel(name);
        if (wrong != null) {
            return refuse(wrong, Member.MODEL, stringStart);
        }
        lastModel = name;
        found.model(name, stringStart, base + i + 1);
        return i + 1;
    }

    private int number(byte[] a, int i, int to) {
        int next = number.skip(a, i, to);
        if (next == to) {
            return to;
        }
        if (!number.endsBefore(a[next])) {
            return refuse(Kind.NUMBER, null, base + next);
        }
        found.number(number.whole());
        state = NEXT_OR_END;
        return next;
    }

    private int literal(byte b, int i) {
        if (b != literal[literalAt]) {
            return refuse(Kind.LITERAL, null, base + i);
        }
        if (++literalAt == literal.length) {
            if (literal == TRUE) {
                found.literalTrue();
            } else if (literal == FALSE) {
                found.literalFalse();
            } else if (literal == NULL) {
                int end = base + i + 1;
                found.literalNull(end - NULL.length, end);
            }
            state = NEXT_OR_END;
        }
        return i + 1;
    }

    private void unexpected(byte b, int i) {
        Kind kind = switch (state) {
            case ROOT -> Kind.insteadOfObject(b, base + i == 0);
            case MEMBER_OR_END -> Kind.MEMBER_OR_END;
            case MEMBER -> Kind.MEMBER;
            case COLON -> Kind.COLON;
            case VALUE -> Kind.VALUE;
            case ELEMENT_OR_END -> Kind.ELEMENT_OR_END;
            case NEXT_OR_END -> nesting.inObject() ? Kind.COMMA_OR_BRACE : Kind.COMMA_OR_BRACKET;
            default -> Kind.TRAILING;
        };
        refuse(kind, null, base + i);
    }

    /** Terminal. Returns an index beyond every window. */
    private int refuse(Kind kind, Member about, int offset) {
        state = REFUSED;
        fault = new JsonFault(kind, about == null ? null : about.key(), offset);
        return Integer.MAX_VALUE;
    }
}
