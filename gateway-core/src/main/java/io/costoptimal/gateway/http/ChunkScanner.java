package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Reads chunked framing (RFC 9112, 7.1) without changing it, so that a body can be passed on verbatim and its end still be
 * known. Confined to one event loop; constant memory; the verdict does not depend on how the bytes are cut.
 *
 * <p>Stricter than the grammar: CRLF alone ends a line, at most 15 hex digits, at most {@value #MAX_EXTENSION_BYTES} bytes
 * between the size of a chunk and the end of its line, at most {@value #MAX_TRAILER_BYTES} bytes of trailers. Chunk data is
 * skipped by arithmetic. Chunk extensions mean nothing to us and are ignored, as RFC 9112, 7.1.1, demands; so are blanks in
 * their place. A client need not understand them either: {@link #copyWithoutExtensions} leaves them out. The one misuse:
 * scanning on once {@link #done} or {@link #failed}.
 */
public final class ChunkScanner {

    private static final int MAX_SIZE_DIGITS = 15;
    private static final int MAX_TRAILER_BYTES = 8 * 1024;
    private static final int MAX_EXTENSION_BYTES = 1024;

    /** What the next byte is. */
    private enum Expect {
        FIRST_DIGIT,
        DIGIT,
        /** A blank behind the size: another one, the extensions, or the end of the line. */
        BLANK,
        EXTENSION,
        SIZE_LF,
        DATA,
        DATA_CR,
        DATA_LF,
        TRAILER_START,
        TRAILER_NAME,
        TRAILER_VALUE,
        TRAILER_LF,
        LAST_LF,
        NOTHING
    }

    private Expect expect = Expect.FIRST_DIGIT;
    private long left;
    private int digits;
    private int trailerBytes;
    private String failure;
    private boolean failedAtBoundary;

    private int extensionBytes;
    /** Where the extension that is being read begins in the present buffer. */
    private int extensionStart;
    /** Starts and ends of the extensions in the buffer that was scanned last; {@code null} until there is one. */
    private int[] extensions;

    private int extensionEnds;

    /**
     * Scans the readable bytes.
     *
     * @param buf borrowed, unchanged
     * @param sink sees the chunk data; {@code null} when nobody wants to
     * @return how many bytes from the reader index on belong to the body: all of them, unless it ended or went wrong
     */
    public int scan(ByteBuf buf, PayloadSink sink) {
        int start = buf.readerIndex();
        int end = buf.writerIndex();
        int at = start;
        extensionEnds = 0;
        extensionStart = start;
        while (at < end && expect != Expect.NOTHING) {
            if (expect == Expect.DATA) {
                int n = (int) Math.min(left, end - at);
                if (sink != null) {
                    sink.payload(buf, at, n);
                }
                at += n;
                left -= n;
                if (left == 0) {
                    expect = Expect.DATA_CR;
                }
                continue;
            }
            expect = next(buf.getByte(at), at);
            if (failure != null) {
                break;
            }
            at++;
        }
        if (expect == Expect.BLANK || expect == Expect.EXTENSION) {
            noteExtension(at);
        }
        return at - start;
    }

    private void noteExtension(int end) {
        if (extensions == null || extensions.length == extensionEnds) {
            extensions = extensions == null ? new int[8] : Arrays.copyOf(extensions, 2 * extensionEnds);
        }
        extensions[extensionEnds++] = extensionStart;
        extensions[extensionEnds++] = end;
    }

    /** Whether the buffer scanned last holds chunk extensions, or blanks in their place. */
    public boolean hasExtensions() {
        return extensionEnds > 0;
    }

    /**
     * Copies what was scanned last without its chunk extensions.
     *
     * @param buf the same, with its indices as they were
     * @param n what {@link #scan} returned
     */
    public void copyWithoutExtensions(ByteBuf buf, int n, ByteBuf out) {
        int from = buf.readerIndex();
        for (int i = 0; i < extensionEnds; i += 2) {
            out.writeBytes(buf, from, extensions[i] - from);
            from = extensions[i + 1];
        }
        out.writeBytes(buf, from, buf.readerIndex() + n - from);
    }

    /** Whether the body has ended, trailers included. */
    public boolean done() {
        return expect == Expect.NOTHING && failure == null;
    }

    /** What is wrong with the body; {@code null} while nothing is. */
    public String failed() {
        return failure;
    }

    /** Whether what {@link #scan} has counted so far ends where a new chunk could be put in. */
    public boolean atBoundary() {
        return failure == null ? expect == Expect.FIRST_DIGIT : failedAtBoundary;
    }

    private Expect next(byte b, int at) {
        switch (expect) {
            case FIRST_DIGIT:
            case DIGIT:
                return size(b, at);
            case BLANK:
            case EXTENSION:
                return extension(b, at);
            case SIZE_LF:
                return b != '\n' ? fail("chunk size") : left > 0 ? Expect.DATA : Expect.TRAILER_START;
            case DATA_CR:
                return b == '\r' ? Expect.DATA_LF : fail("chunk longer than its size");
            case DATA_LF:
                digits = 0;
                extensionBytes = 0;
                return b == '\n' ? Expect.FIRST_DIGIT : fail("chunk longer than its size");
            case LAST_LF:
                return b == '\n' ? Expect.NOTHING : fail("end of trailers");
            default:
                return ++trailerBytes > MAX_TRAILER_BYTES ? fail("trailers too long") : trailer(b);
        }
    }

    private Expect size(byte b, int at) {
        int digit = Character.digit(b, 16);
        if (digit < 0) {
            if (digits == 0) {
                return fail("chunk size");
            }
            extensionStart = at;
            return b == '\r' ? Expect.SIZE_LF : behindSize(b);
        }
        if (++digits > MAX_SIZE_DIGITS) {
            return fail("chunk size too long");
        }
        left = left << 4 | digit;
        return Expect.DIGIT;
    }

    private Expect behindSize(byte b) {
        return b == ';' ? Expect.EXTENSION : HeadBytes.blank(b) ? Expect.BLANK : fail("chunk size");
    }

    private Expect extension(byte b, int at) {
        if (b == '\r') {
            noteExtension(at);
            return Expect.SIZE_LF;
        }
        if (++extensionBytes > MAX_EXTENSION_BYTES) {
            return fail("chunk extension too long");
        }
        if (expect == Expect.BLANK) {
            return behindSize(b);
        }
        return HeadBytes.text(b) ? Expect.EXTENSION : fail("chunk extension");
    }

    private Expect trailer(byte b) {
        switch (expect) {
            case TRAILER_START:
                return b == '\r' ? Expect.LAST_LF : HeadBytes.token(b) ? Expect.TRAILER_NAME : fail("trailer name");
            case TRAILER_NAME:
                return b == ':'
                        ? Expect.TRAILER_VALUE
                        : HeadBytes.token(b) ? Expect.TRAILER_NAME : fail("trailer name");
            case TRAILER_VALUE:
                return b == '\r' ? Expect.TRAILER_LF : HeadBytes.text(b) ? Expect.TRAILER_VALUE : fail("trailer value");
            default:
                return b == '\n' ? Expect.TRAILER_START : fail("trailer line");
        }
    }

    private Expect fail(String reason) {
        failure = reason;
        failedAtBoundary = expect == Expect.FIRST_DIGIT;
        return Expect.NOTHING;
    }
}
