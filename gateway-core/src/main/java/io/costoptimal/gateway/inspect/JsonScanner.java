package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.inspect.JsonFault.Kind;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Scans one JSON document while it arrives and finds the members that decide where a request goes. Owned by the event
 * loop of its connection; used again after {@link #reset}.
 *
 * <p>Accepts exactly one object of RFC 8259 in valid UTF-8, without a byte order mark, nested no deeper than its limit,
 * with each {@link Member} at most once (names compared without their escapes) and a usable {@code model} if any. The
 * verdict, its offset and the facts depend on the bytes alone, never on how they were cut. Needs constant memory and
 * allocates nothing but the model's name.
 *
 * <p>The one misuse: trusting {@link #facts} before {@link #end} said yes; a duplicate may be the last member.
 *
 * <p>Longer than the house allows because it is one machine: between tokens {@link #structure} moves it, inside tokens
 * one method per kind of token does. Inside strings, where nearly all bytes of a chat are, {@link #string} looks at eight
 * bytes at once.
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
    private static final int ESCAPE = 9;
    private static final int HEX = 10;
    private static final int CHARACTER = 11;
    private static final int NUMBER = 12;
    private static final int LITERAL = 13;
    // Nothing any more.
    private static final int REFUSED = 14;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EACH = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x80 * EACH;

    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** Where bytes of direct buffers are looked at: copying is nearly free, reading them one by one is not. */
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[16 * 1024];
        }
    };

    private final Nesting nesting;
    private final Unescaped text = new Unescaped();
    private final Utf8 character = new Utf8();
    private final JsonNumber number = new JsonNumber();

    private int state;
    private int length;
    /** Add it to an index into the present window and get an offset in the document. */
    private int base;

    /** The member whose value comes next or is being read; {@code null} when it is none of interest. */
    private Member member;
    /** {@link Member#bit}s. */
    private int seen;

    private boolean inOptions;

    /** Whether the present string is kept in {@link #text}. */
    private boolean kept;
    /** COLON after a name, NEXT_OR_END after a value. */
    private int afterString;

    private int stringStart;
    private int hexLeft;
    private int hex;
    private byte[] literal;
    private int literalAt;

    private JsonFault fault;
    private String model;
    private int modelStart;
    private int modelEnd;
    private boolean stream;
    private boolean includeUsage;
    private long maxTokens;

    /** @param maxDepth of nested objects and arrays, the document's own included */
    public JsonScanner(int maxDepth) {
        nesting = new Nesting(maxDepth);
        reset();
    }

    /** Begins another document. */
    public void reset() {
        nesting.clear();
        state = ROOT;
        length = 0;
        member = null;
        seen = 0;
        inOptions = false;
        fault = null;
        model = null;
        stream = false;
        includeUsage = false;
        maxTokens = -1;
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
        ModelField field = model == null ? null : new ModelField(model, modelStart, modelEnd);
        return new RequestFacts(field, stream, maxTokens, includeUsage, length);
    }

    private void window(byte[] a, int from, int n) {
        int to = from + n;
        base = length - from;
        int i = from;
        while (i < to) {
            i = switch (state) {
                case STRING -> kept ? keptString(a, i, to) : string(a, i, to);
                case ESCAPE -> escape(a[i], i);
                case HEX -> hex(a[i], i);
                case CHARACTER -> character(a[i], i);
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
                    return i + 1;
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
        } else if (member == Member.MODEL) {
            refuse(Kind.NOT_A_STRING, member, base + i);
        } else if (!nesting.open(object)) {
            refuse(Kind.TOO_DEEP, null, base + i);
        } else {
            inOptions |= object && member == Member.STREAM_OPTIONS;
            member = null;
            state = object ? MEMBER_OR_END : ELEMENT_OR_END;
        }
    }

    private void close(boolean allowed, int i, byte b) {
        if (!allowed) {
            unexpected(b, i);
            return;
        }
        nesting.close();
        inOptions &= nesting.depth() > 1;
        state = nesting.depth() == 0 ? TRAILING : NEXT_OR_END;
    }

    private void beginString(int i) {
        stringStart = base + i;
        if (state == MEMBER || state == MEMBER_OR_END) {
            member = null;
            afterString = COLON;
            kept = nesting.depth() == 1 || inOptions && nesting.depth() == 2;
        } else if (valueMayBegin()) {
            afterString = NEXT_OR_END;
            kept = member == Member.MODEL;
        } else {
            unexpected((byte) '"', i);
            return;
        }
        if (kept) {
            text.clear();
        }
        state = STRING;
    }

    private void beginScalar(byte b, int i) {
        byte[] word = b == 't' ? TRUE : b == 'f' ? FALSE : b == 'n' ? NULL : null;
        boolean numeric = b == '-' || b >= '0' && b <= '9';
        if (!valueMayBegin() || word == null && !numeric) {
            unexpected(b, i);
        } else if (member == Member.MODEL) {
            refuse(Kind.NOT_A_STRING, member, base + i);
        } else if (numeric) {
            number.begin(b);
            state = NUMBER;
        } else {
            literal = word;
            literalAt = 1;
            state = LITERAL;
        }
    }

    /** A string nobody reads: skipped as fast as its bytes can be checked. */
    private int string(byte[] a, int i, int to) {
        while (i < to) {
            if (i <= to - Long.BYTES) {
                long special = special((long) LONGS.get(a, i));
                if (special == 0) {
                    i += Long.BYTES;
                    continue;
                }
                i += Long.numberOfTrailingZeros(special) >>> 3;
            }
            byte b = a[i];
            if (b == '"') {
                state = afterString;
                return i + 1;
            }
            if (b == '\\') {
                int n = wholeEscape(a, i, to);
                if (n == 0) {
                    state = ESCAPE;
                    return i + 1;
                }
                i += n;
            } else if (b < 0) {
                int next = characters(a, i, to);
                if (next == i) {
                    return beginCharacter(b, i);
                }
                i = next;
            } else if (b < ' ') {
                return refuse(Kind.CONTROL, null, base + i);
            } else {
                i++;
            }
        }
        return to;
    }

    /**
     * The high bit of each byte that ends, escapes, or is no ASCII text; exact for the first such byte, which is all that
     * is asked: a borrow only ever runs towards later bytes.
     */
    private static long special(long word) {
        long controlOrQuote = (word ^ 0x02 * EACH) - 0x21 * EACH;
        long backslash = (word ^ 0x5C * EACH) - EACH;
        return (word | controlOrQuote | backslash) & HIGH_BITS;
    }

    /** Length of the escape at {@code i}; 0 when it is malformed or not whole before {@code to}. */
    private static int wholeEscape(byte[] a, int i, int to) {
        if (i + 2 > to) {
            return 0;
        }
        if (a[i + 1] != 'u') {
            return unescape(a[i + 1]) == 0 ? 0 : 2;
        }
        if (i + 6 > to) {
            return 0;
        }
        int digits = digit(a[i + 2]) | digit(a[i + 3]) | digit(a[i + 4]) | digit(a[i + 5]);
        return digits < 0 ? 0 : 6;
    }

    /** What the letter after a backslash stands for; 0 when nothing. */
    private static byte unescape(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> 0;
        };
    }

    /** Value of a hexadecimal digit; negative when it is none. */
    private static int digit(byte b) {
        if (b >= '0' && b <= '9') {
            return b - '0';
        }
        int letter = (b | 0x20) - 'a';
        return letter >= 0 && letter < 6 ? letter + 10 : -1;
    }

    /** Skips characters beyond ASCII, each whole and well-formed; returns where that ends. */
    private static int characters(byte[] a, int i, int to) {
        while (i < to && a[i] < 0) {
            int n = Utf8.whole(a, i, to);
            if (n == 0) {
                return i;
            }
            i += n;
        }
        return i;
    }

    /** A member's name that may be one of ours, or the model: kept byte by byte. */
    private int keptString(byte[] a, int i, int to) {
        while (i < to) {
            byte b = a[i];
            if (b == '"') {
                return endKeptString(i);
            }
            if (b == '\\') {
                state = ESCAPE;
                return i + 1;
            }
            if (b < 0) {
                return beginCharacter(b, i);
            }
            if (b < ' ') {
                return refuse(Kind.CONTROL, null, base + i);
            }
            text.add(b);
            i++;
            if (modelTooLong()) {
                return refuse(Kind.TOO_LONG, Member.MODEL, stringStart);
            }
        }
        return to;
    }

    private boolean modelTooLong() {
        return text.tooLong() && afterString == NEXT_OR_END;
    }

    private int escape(byte letter, int i) {
        if (letter == 'u') {
            hexLeft = 4;
            hex = 0;
            state = HEX;
            return i + 1;
        }
        byte meant = unescape(letter);
        if (meant == 0) {
            return refuse(Kind.ESCAPE, null, base + i);
        }
        if (kept) {
            text.add(meant);
        }
        return resumeString(i + 1);
    }

    private int hex(byte b, int i) {
        int digit = digit(b);
        if (digit < 0) {
            return refuse(Kind.HEX, null, base + i);
        }
        hex = hex << 4 | digit;
        if (--hexLeft > 0) {
            return i + 1;
        }
        if (kept) {
            text.addUnit((char) hex);
        }
        return resumeString(i + 1);
    }

    private int beginCharacter(byte lead, int i) {
        if (!character.begin(lead)) {
            return refuse(Kind.UTF8, null, base + i);
        }
        if (kept) {
            text.add(lead);
        }
        state = CHARACTER;
        return i + 1;
    }

    private int character(byte b, int i) {
        if (!character.next(b)) {
            return refuse(Kind.UTF8, null, base + i);
        }
        if (kept) {
            text.add(b);
        }
        return character.done() ? resumeString(i + 1) : i + 1;
    }

    private int resumeString(int next) {
        state = STRING;
        return kept && modelTooLong() ? refuse(Kind.TOO_LONG, Member.MODEL, stringStart) : next;
    }

    private int endKeptString(int i) {
        state = afterString;
        text.settle();
        return afterString == COLON ? endName(i) : endModel(i);
    }

    private int endName(int i) {
        member = text.member(inOptions);
        if (member == null) {
            return i + 1;
        }
        if ((seen & member.bit()) != 0) {
            return refuse(Kind.DUPLICATE, member, stringStart);
        }
        seen |= member.bit();
        return i + 1;
    }

    private int endModel(int i) {
        String name = text.toString();
        Kind wrong = wrongWith(name);
        if (wrong != null) {
            return refuse(wrong, Member.MODEL, stringStart);
        }
        model = name;
        modelStart = stringStart;
        modelEnd = base + i + 1;
        member = null;
        return i + 1;
    }

    private Kind wrongWith(String name) {
        if (text.loneSurrogate()) {
            return Kind.LONE_SURROGATE;
        }
        if (name.isEmpty()) {
            return Kind.EMPTY_STRING;
        }
        for (int i = 0; i < name.length(); i++) {
            if (Character.isISOControl(name.charAt(i))) {
                return Kind.CONTROL_CHARACTER;
            }
        }
        return null;
    }

    private int number(byte[] a, int i, int to) {
        int next = number.skip(a, i, to);
        if (next == to) {
            return to;
        }
        if (!number.endsBefore(a[next])) {
            return refuse(Kind.NUMBER, null, base + next);
        }
        if (member != null && member.limitsTokens()) {
            long value = number.whole();
            maxTokens = value < 0 ? maxTokens : maxTokens < 0 ? value : Math.min(maxTokens, value);
        }
        state = NEXT_OR_END;
        return next;
    }

    private int literal(byte b, int i) {
        if (b != literal[literalAt]) {
            return refuse(Kind.LITERAL, null, base + i);
        }
        if (++literalAt == literal.length) {
            stream |= literal == TRUE && member == Member.STREAM;
            includeUsage |= literal == TRUE && member == Member.INCLUDE_USAGE;
            state = NEXT_OR_END;
        }
        return i + 1;
    }

    private void unexpected(byte b, int i) {
        Kind kind = switch (state) {
            case ROOT -> root(b, i);
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

    private Kind root(byte b, int i) {
        return switch (b) {
            case '[' -> Kind.ROOT_ARRAY;
            case '"' -> Kind.ROOT_STRING;
            case 't', 'f', 'n' -> Kind.ROOT_LITERAL;
            case '-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9' -> Kind.ROOT_NUMBER;
            default -> base + i == 0 && (b <= 0) ? Kind.ENCODING : Kind.ROOT_OTHER;
        };
    }

    /** Terminal. Returns an index beyond every window. */
    private int refuse(Kind kind, Member about, int offset) {
        state = REFUSED;
        fault = new JsonFault(kind, about == null ? null : about.key(), offset);
        return Integer.MAX_VALUE;
    }
}
