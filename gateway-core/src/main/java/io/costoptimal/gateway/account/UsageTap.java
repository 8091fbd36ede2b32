package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.http.PayloadSink;
import io.netty.buffer.ByteBuf;
import io.netty.util.concurrent.FastThreadLocal;

/**
 * Reads token usage out of an answer that passes by. Confined to the event loop of its exchange; one tap per answer.
 *
 * <p>Takes a few hundred bytes whatever the size of the answer, the last of them with its usage, and gives the same result
 * however a sound answer is cut. What is no answer of the API (an error page, broken JSON) does no harm.
 *
 * <p>The one misuse: feeding it a compressed answer, or framing. It looks at payload as the API wrote it.
 */
final class UsageTap implements PayloadSink {

    private static final int SCRATCH_BYTES = 8 * 1024;

    /** How far from the end of a whole document its usage is looked for. */
    private static final int END_BYTES = 2 * 1024;

    private static final byte[] BRACE = {'{'};

    // Scanning an array is several times faster than asking a direct buffer for byte after byte; the copy is cheap.
    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[SCRATCH_BYTES];
        }
    };

    private final UsageScanner scanner;
    /** {@code null} for an answer that is one document. */
    private final EventLines lines;
    /** {@code null} unless the text of an event stream is collected. */
    private final EventText text;
    /** {@code null} unless a document is kept for its text. */
    private final BoundedBytes document;

    private final RawUsage raw;
    private final Accounting accounting;

    /** Bytes of the one document, -1 unless it has been announced. */
    private final long announced;

    private boolean untouched = true;
    /** Bytes of a document that there was no room for. */
    private long missed;

    private UsageTap(Operation operation, boolean eventStream, long announced, Accounting accounting) {
        Operation.Answers answers = operation.answers();
        boolean texts =
                accounting.on() && answers.text() != null && answers.text().any();
        this.accounting = accounting;
        this.announced = announced;
        raw = accounting.on() ? new RawUsage() : null;
        scanner = new UsageScanner(eventStream ? answers.events() : answers.document(), raw);
        text = texts && eventStream ? new EventText(answers.text().events(), accounting.texts()) : null;
        document = texts && !eventStream ? new BoundedBytes(accounting.texts(), Accounting.MAX_TEXT) : null;
        lines = eventStream ? new EventLines(scanner, text) : null;
    }

    /**
     * A tap for one answer.
     *
     * @param eventStream whether the answer is {@code text/event-stream} rather than one JSON document
     * @param announced bytes of payload there will be, -1 when nobody said; a document that comes whole is read from its end
     */
    public static UsageTap of(Operation operation, boolean eventStream, long announced) {
        return of(operation, eventStream, announced, Accounting.OFF);
    }

    /** The same; one that keeps text too, if {@code accounting} is on: {@link #seen} or {@link #release} gives that up. */
    static UsageTap of(Operation operation, boolean eventStream, long announced, Accounting accounting) {
        return new UsageTap(operation, eventStream, announced, accounting);
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        boolean whole = untouched && length == announced;
        untouched = false;
        if (lines == null && (scanner.finished() || whole && tellsAll(buf, index, length))) {
            return;
        }
        read(buf, index, length, document);
    }

    private void read(ByteBuf buf, int index, int length, BoundedBytes kept) {
        if (buf.hasArray()) {
            int start = buf.arrayOffset() + index;
            feed(buf.array(), start, start + length, kept);
            return;
        }
        byte[] scratch = SCRATCH.get();
        for (int done = 0; done < length; ) {
            int n = Math.min(length - done, scratch.length);
            buf.getBytes(index + done, scratch, 0, n);
            feed(scratch, 0, n, kept);
            done += n;
        }
    }

    /**
     * Reads a document of which nothing is missing, keeping nothing of it. False if it does not tell all that is to be known
     * so, and has to be read like any other.
     */
    private boolean tellsAll(ByteBuf document, int index, int length) {
        if (accounting.on() && scanner.dialect().rateComesFirst()) {
            read(document, index, length, null);
        } else if (!scanner.dialect().plain() || !foundAtEnd(document, index, length)) {
            return false;
        }
        Usage told = scanner.usage();
        if (this.document == null
                || told != null && told.input().known() && told.output().tokens() >= 0) {
            return true;
        }
        scanner.nextDocument();
        return false;
    }

    /** Reads of the document only the usage and what follows. */
    private boolean foundAtEnd(ByteBuf document, int index, int length) {
        if (length == 0 || document.getByte(index) != '{') {
            return false;
        }
        byte[] end = SCRATCH.get();
        int n = Math.min(length, END_BYTES);
        document.getBytes(index + length - n, end, 0, n);
        int usage = UsageAtEnd.find(end, 0, n);
        if (usage < 0) {
            return false;
        }
        scanner.feed(BRACE, 0, 1);
        scanner.feed(end, usage, n);
        if (scanner.found()) {
            return true;
        }
        scanner.nextDocument();
        return false;
    }

    private void feed(byte[] bytes, int from, int end, BoundedBytes kept) {
        if (lines != null) {
            lines.feed(bytes, from, end);
            return;
        }
        scanner.feed(bytes, from, end);
        if (kept != null) {
            missed += end - from - kept.add(bytes, from, end);
        }
    }

    /** Returns the text that passed, the caller's to release; {@code null} when none was collected. */
    SeenText seen() {
        if (text != null) {
            return text.take();
        }
        if (document == null) {
            return null;
        }
        int length = document.length();
        return new SeenText(document.take(), length, missed, SeenText.Form.DOCUMENT, accounting.texts());
    }

    /** Nobody wants the text that passed. */
    void release() {
        if (text != null) {
            text.release();
        } else if (document != null) {
            document.release();
        }
    }

    /** The last usage object as the provider wrote it; {@code null} when there was none, or nobody keeps it. */
    byte[] raw() {
        return raw == null ? null : raw.last();
    }

    /**
     * Whether no more usage can come: a document is whole, or a stream has said that it is over, and not that it failed. A
     * chat tells its usage only once, so that its end need not be seen.
     *
     * @param whole whether the body came to its end
     */
    boolean complete(boolean whole) {
        if (scanner.failed()) {
            return false;
        }
        return lines == null
                ? whole || scanner.finished()
                : ended() || whole && scanner.dialect().plain();
    }

    /** What the provider said so far; {@code null} when it said nothing. A figure it left out is -1. */
    public Usage usage() {
        return scanner.usage();
    }

    /**
     * Whether another event may follow what has passed: nothing has, or an event stream stands behind a blank line
     * ({@code \n\n}, {@code \r\n\r\n} or {@code \r\r}). Never true of an answer that is no event stream, once it began.
     */
    public boolean atEventBoundary() {
        return untouched || lines != null && lines.atBoundary();
    }

    /**
     * Whether the answer has said that it is over: the document is closed, or the event that ends a stream has passed
     * with its blank line ({@code [DONE]}, {@code message_stop}, {@code response.completed} and its kin, or an error).
     */
    public boolean ended() {
        return lines == null ? scanner.finished() : lines.ended();
    }
}
