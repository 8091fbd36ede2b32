package io.costoptimal.gateway.inspect;

import io.costoptimal.gateway.exchange.RequestFacts.ModelField;
import io.costoptimal.gateway.exchange.RequestFacts.ModelField.Place;
import io.costoptimal.gateway.http.Swar;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Scans one form (RFC 7578; its parts by RFC 2046, 5.1.1) while it arrives, and finds the part that names the model, and those
 * that refer to objects. Owned by the event loop of its exchange.
 *
 * <p>Strict where readers of forms differ, because a part that this scanner does not see must be none to any provider: every
 * line ends with CR LF; a delimiter has nothing behind it on its line; nothing stands before the first, and only line ends behind the last;
 * and the delimiter's text at the beginning of a line, whatever ends the line before, is a delimiter or a fault. The verdict and
 * the offsets depend on the bytes alone, never on how they were cut. Needs constant memory.
 *
 * <p>Longer than most classes because it is one machine, which looks at one byte at a time.
 *
 * <p>The one misuse: trusting that there is one model only before {@link #end} said so.
 */
final class FormScanner {

    /** Bytes of all header fields of one part. */
    private static final int MAX_FIELDS = 8 * 1024;
    /** Bytes of a model's name, or of an id. */
    private static final int MAX_VALUE = 512;
    /** Ids that one form may have. */
    private static final int MAX_IDS = 1000;
    /** Where bytes of direct buffers are looked at. */
    private static final int WINDOW = 8 * 1024;

    private static final String LATE = "it does not come to its files, or to its model";

    private enum State {
        /** Nothing has come. */
        START,
        /** The form begins with CR, which must be an empty line. */
        START_CR,
        /** In what may be a delimiter, at the beginning of a line. */
        DELIMITER,
        /** Behind a delimiter. */
        DELIMITED,
        /** Behind a delimiter, and CR. */
        DELIMITED_CR,
        /** Behind a delimiter, and a dash. */
        DELIMITED_DASH,
        FIELDS,
        VALUE,
        /** In a value, behind CR. */
        VALUE_CR,
        /** Behind the last delimiter, and any number of CR LF. */
        CLOSED,
        CLOSED_CR
    }

    /** What stands before the beginning of a line. */
    private enum Before {
        NOTHING,
        CR_LF,
        /** CR alone or LF alone, which some readers take for the end of a line. */
        HALF,
        /** The empty line that ends a part's fields, which some readers count as a part of the delimiter. */
        FIELDS
    }

    /**
     * What somebody wants to know of a form before it goes on.
     *
     * @param model whether it is to name a model
     * @param objects whether it may refer to objects. Fields that do stand before files, so that it goes on when a file begins
     * @param within number of bytes by which a form that is longer must have told this
     */
    record Wanted(boolean model, boolean objects, long within) {}

    private final byte[] delimiter;
    private final Wanted wanted;

    private final byte[] scratch = new byte[WINDOW];

    private State state = State.START;
    private Before before = Before.NOTHING;
    /** How many bytes of the delimiter have come. */
    private int matched;
    /** Offset of the byte that is looked at. */
    private long offset;
    /** Offset behind the last byte of a value that the present CR LF may end. */
    private long lineEnd;

    private byte[] fields = new byte[256];
    private int fieldBytes;
    private long fieldsStart;

    /** Whether the present part names the model, or has an id. */
    private boolean keeping;

    private FormPart part;
    private long valueStart;
    private byte[] value;
    private int valueBytes;

    private long firstDelimiter;
    private ModelField model;
    private final List<String> ids = new ArrayList<>();
    /** Whether a part has come that is a file. */
    private boolean inFiles;

    private String fault;

    /** @param boundary sound; see {@link FormType#boundary} */
    FormScanner(String boundary, Wanted wanted) {
        this.wanted = wanted;
        delimiter = ("--" + boundary).getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads on.
     *
     * @param bytes borrowed; its indices stay where they are
     * @return false when the form is refused, whatever may follow
     */
    boolean scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int left = bytes.readableBytes();
        while (left > 0 && fault == null) {
            int n = Math.min(left, WINDOW);
            bytes.getBytes(at, scratch, 0, n);
            scan(n);
            at += n;
            left -= n;
        }
        return fault == null;
    }

    /** There is no more; returns false when the form is refused. */
    boolean end() {
        if (fault == null && state != State.CLOSED) {
            keeping = false;
            fault = "the last delimiter is missing";
        }
        return fault == null;
    }

    /** What is wrong with the form; {@code null} while nothing is. */
    String fault() {
        return fault;
    }

    /** Whether the fault is in the part that names the model, or in one that could be taken for it. */
    boolean blamesModel() {
        return fault != null && keeping && part.isLikeModel();
    }

    Wanted wanted() {
        return wanted;
    }

    /** Whether all has been told that is wanted, if no more comes to it. */
    boolean ready() {
        return (model != null || !wanted.model()) && (inFiles || !wanted.objects());
    }

    /** The ids of objects that the form has referred to so far. Where it is {@link #ready}, another one is a fault. */
    List<String> ids() {
        return ids;
    }

    /** Whether the fault is that too much has come before what is wanted. */
    boolean late() {
        return LATE.equals(fault);
    }

    /** The model that the form names so far; {@code null} when it has named none. */
    ModelField model() {
        return model;
    }

    /** What a form says that names no model; after its end. */
    ModelField missing() {
        return new ModelField(null, Place.BEFORE_PARTS, (int) firstDelimiter, (int) firstDelimiter, false);
    }

    private void scan(int n) {
        int i = 0;
        while (i < n && fault == null) {
            if (state == State.VALUE && !keeping) {
                int next = Swar.lineEnd(scratch, i, n);
                offset += next - i;
                i = next;
            }
            if (!ready() && (i == n ? offset > wanted.within() : offset >= wanted.within())) {
                fault = LATE;
            } else if (i < n && step(scratch[i])) {
                i++;
                offset++;
            }
        }
    }

    /** Returns false if {@code b} is to be looked at again, in another state. */
    private boolean step(byte b) {
        switch (state) {
            case START -> {
                if (b == '\r') {
                    state = State.START_CR;
                    return true;
                }
                firstDelimiter = 0;
                return line(Before.NOTHING);
            }
            case START_CR -> {
                expect(b == '\n', State.DELIMITER, "it must begin with a delimiter");
                before = Before.NOTHING;
                matched = 0;
                firstDelimiter = 2;
            }
            case DELIMITER -> {
                return delimiter(b);
            }
            case DELIMITED -> {
                if (b == '\r') {
                    state = State.DELIMITED_CR;
                } else {
                    expect(b == '-', State.DELIMITED_DASH, "something follows a delimiter on its line");
                }
            }
            case DELIMITED_CR -> {
                expect(b == '\n', State.FIELDS, "something follows a delimiter on its line");
                fieldBytes = 0;
                fieldsStart = offset + 1;
            }
            case DELIMITED_DASH -> expect(b == '-', State.CLOSED, "something follows a delimiter on its line");
            case FIELDS -> field(b);
            case VALUE -> value(b);
            case VALUE_CR -> {
                return valueCr(b);
            }
            case CLOSED -> expect(b == '\r', State.CLOSED_CR, "something follows the last delimiter");
            case CLOSED_CR -> expect(b == '\n', State.CLOSED, "something follows the last delimiter");
        }
        return true;
    }

    private void expect(boolean holds, State next, String otherwise) {
        state = next;
        if (!holds) {
            fault = otherwise;
        }
    }

    /** A line begins with the byte that is looked at. */
    private boolean line(Before what) {
        before = what;
        matched = 0;
        state = State.DELIMITER;
        return false;
    }

    private boolean delimiter(byte b) {
        if (b == delimiter[matched]) {
            if (++matched == delimiter.length) {
                delimited();
            }
            return true;
        }
        if (before == Before.NOTHING) {
            fault = "it must begin with a delimiter";
            return true;
        }
        // A delimiter has no line end in it, so that none can begin within what has matched.
        state = State.VALUE;
        if (keeping && before != Before.FIELDS) {
            fault = what() + " has more than one line";
            return true;
        }
        for (int i = 0; keeping && i < matched && fault == null; i++) {
            keep(delimiter[i]);
        }
        return false;
    }

    private void delimited() {
        switch (before) {
            case HALF -> fault = "a delimiter stands behind a line that does not end with CR LF";
            case FIELDS -> fault = "a delimiter stands where a value should begin";
            case NOTHING, CR_LF -> {
                state = State.DELIMITED;
                if (keeping) {
                    named();
                }
            }
        }
    }

    /** A byte of a part's fields, up to the empty line behind them. */
    private void field(byte b) {
        if (fieldBytes == MAX_FIELDS) {
            fault = "the header fields of a part are longer than " + MAX_FIELDS + " bytes";
            return;
        }
        if (fieldBytes == fields.length) {
            fields = Arrays.copyOf(fields, 2 * fieldBytes);
        }
        fields[fieldBytes++] = b;
        if (b != '\n' || fieldBytes < 2 || fields[fieldBytes - 2] != '\r') {
            return;
        }
        boolean empty =
                fieldBytes == 2 || fieldBytes >= 4 && fields[fieldBytes - 3] == '\n' && fields[fieldBytes - 4] == '\r';
        if (empty) {
            begin(FormPart.read(fields, fieldBytes - 2));
        }
    }

    private void begin(FormPart begun) {
        part = begun;
        keeping = false;
        fault = begun.fault();
        if (fault == null && begun.isLikeModel()) {
            if (!begun.isModel()) {
                fault = begun.file() ? "the model is sent as a file" : "a part is named almost like `model`";
            } else if (model != null) {
                fault = "it names its model twice";
            }
            keep();
        } else if (fault == null && wanted.objects() && begun.refers()) {
            if (begun.file()) {
                fault = "`" + begun.name() + "` is sent as a file";
            } else if (ready()) {
                // The form may have gone on to a provider.
                fault = "send `" + begun.name() + "` before files";
            } else if (ids.size() == MAX_IDS) {
                fault = "it refers to too many objects";
            }
            keep();
        }
        inFiles |= begun.file();
        valueStart = offset + 1;
        before = Before.FIELDS;
        matched = 0;
        state = State.DELIMITER;
    }

    /** The value of the present part is kept. */
    private void keep() {
        if (fault == null && !part.plain()) {
            fault = "the part `" + part.name() + "` must be plain text in UTF-8";
        }
        keeping = true;
        value = new byte[MAX_VALUE];
        valueBytes = 0;
    }

    /** What the value is that is kept. */
    private String what() {
        return part.isModel() ? "the name of the model" : "the id in `" + part.name() + '`';
    }

    private void value(byte b) {
        if (b == '\r') {
            lineEnd = offset;
            state = State.VALUE_CR;
        } else if (b == '\n') {
            half();
        } else {
            keep(b);
        }
    }

    /** CR alone or LF alone has come; the next byte begins what may be a line. */
    private void half() {
        before = Before.HALF;
        matched = 0;
        state = State.DELIMITER;
        if (keeping) {
            fault = what() + " has more than one line";
        }
    }

    private boolean valueCr(byte b) {
        if (b == '\n') {
            before = Before.CR_LF;
            matched = 0;
            state = State.DELIMITER;
            return true;
        }
        half();
        return fault != null;
    }

    /** Only in a part whose value is kept. */
    private void keep(byte b) {
        if (!keeping) {
            return;
        }
        if (valueBytes == MAX_VALUE) {
            fault = what() + " is longer than " + MAX_VALUE + " bytes";
        } else {
            value[valueBytes++] = b;
        }
    }

    /** The value that is kept has ended at {@link #lineEnd}. */
    private void named() {
        String name = text();
        if (name == null || name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
            fault = what() + " must be text in UTF-8, without control characters, and not empty";
            return;
        }
        keeping = false;
        if (!part.isModel()) {
            ids.add(name);
            return;
        }
        // A range of the held body, whose length is an int.
        int start = Math.toIntExact(part.length() ? fieldsStart : valueStart);
        model = new ModelField(
                name, part.length() ? Place.FORM_PART : Place.FORM_VALUE, start, Math.toIntExact(lineEnd), false);
    }

    private String text() {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(value, 0, valueBytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
