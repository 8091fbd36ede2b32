package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.http.FieldList;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.util.concurrent.FastThreadLocal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The head that came last on a connection, to know it when it comes again: a client's heads are often the same but for the
 * length of the body, and what was decoded and found sound once need not be decoded again. Confined to the event loop of
 * its connection.
 *
 * <p>Only bytes that are the same pass, save for decimal digits in the value of the one {@code Content-Length}; so there is
 * nothing in a known head that the decoder has not judged. A connection whose heads differ each time stops trying.
 */
final class RepeatedHead {

    /** Longer ones are rare, and each connection keeps its last. */
    private static final int LONGEST = 2048;

    private static final int MOST_DIGITS = 9;
    private static final int MOST_MISSES = 4;

    private static final byte[] LENGTH_NAME = "\r\ncontent-length:".getBytes(StandardCharsets.US_ASCII);

    private static final FastThreadLocal<byte[]> SCRATCH = new FastThreadLocal<>() {
        @Override
        protected byte[] initialValue() {
            return new byte[LONGEST + MOST_DIGITS];
        }
    };

    private final byte[] scratch = SCRATCH.get();

    /** {@code null} as long as none is known. */
    private HttpRequest request;

    private byte[] head;
    /** Where in {@link #head} the digits of the length begin and end; both at the end of a head without. */
    private int digits;

    private int digitsEnd;
    private int known;

    private int length;
    private int misses;

    /**
     * Keeps a head for the next time.
     *
     * @param in borrowed; holds the head's bytes from {@code from} to its reader index
     * @param decoded what the decoder made of them
     */
    void remember(ByteBuf in, int from, HttpRequest decoded) {
        request = null;
        known = in.readerIndex() - from;
        if (known > LONGEST || misses > MOST_MISSES) {
            head = null;
            return;
        }
        if (head == null || head.length < known) {
            head = new byte[known];
        }
        in.getBytes(from, head, 0, known);
        if (!decoded.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)
                && findDigits(decoded.headers().get(HttpHeaderNames.CONTENT_LENGTH))) {
            request = decoded;
        }
    }

    /** False when the bytes do not show the length that the decoder has seen, in digits that {@link #next} can read. */
    private boolean findDigits(String decoded) {
        int name = indexOfLength();
        digits = known;
        digitsEnd = known;
        if (name < 0 || decoded == null) {
            length = 0;
            return name < 0 && decoded == null;
        }
        digits = name + LENGTH_NAME.length;
        while (head[digits] == ' ' || head[digits] == '\t') {
            digits++;
        }
        digitsEnd = readDigits(head, known);
        return head[digitsEnd] == '\r' && decoded.equals(text(head, digitsEnd));
    }

    private int indexOfLength() {
        for (int i = 0; i + LENGTH_NAME.length < known; i++) {
            if (head[i] == '\r' && isLengthAt(i)) {
                return i;
            }
        }
        return -1;
    }

    private boolean isLengthAt(int at) {
        for (int i = 0; i < LENGTH_NAME.length; i++) {
            byte b = head[at + i];
            if ((b >= 'A' && b <= 'Z' ? b + ('a' - 'A') : b) != LENGTH_NAME[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The request that {@code in} begins with, if its head is known.
     *
     * @param in borrowed; its reader index moves past a known head
     * @return {@code null} unless the whole head is there and known
     */
    HttpRequest next(ByteBuf in) {
        if (request == null) {
            return null;
        }
        int n = Math.min(in.readableBytes(), known + MOST_DIGITS);
        in.getBytes(in.readerIndex(), scratch, 0, n);
        if (n < digits || !Arrays.equals(scratch, 0, digits, head, 0, digits)) {
            return missed();
        }
        int end = digits == known ? known : readDigits(scratch, n);
        int tail = known - digitsEnd;
        if (end == digits && tail > 0
                || n - end < tail
                || !Arrays.equals(scratch, end, end + tail, head, digitsEnd, known)) {
            return missed();
        }
        misses = 0;
        in.skipBytes(end + tail);
        return Arrays.equals(scratch, digits, end, head, digits, digitsEnd) ? request : withLength(text(scratch, end));
    }

    private HttpRequest missed() {
        misses++;
        return null;
    }

    /** Reads {@link #length} from the digits and returns where they end. */
    private int readDigits(byte[] bytes, int end) {
        int most = Math.min(end, digits + MOST_DIGITS);
        int at = digits;
        length = 0;
        while (at < most && bytes[at] >= '0' && bytes[at] <= '9') {
            length = 10 * length + bytes[at++] - '0';
        }
        return at;
    }

    private String text(byte[] bytes, int end) {
        return new String(bytes, digits, end - digits, StandardCharsets.ISO_8859_1);
    }

    private HttpRequest withLength(String value) {
        FieldList fields = ((FieldList) request.headers()).with(HttpHeaderNames.CONTENT_LENGTH, value);
        return new DefaultHttpRequest(request.protocolVersion(), request.method(), request.uri(), fields, false);
    }

    /** Bytes of body behind the head that {@link #next} returned last. */
    int length() {
        return length;
    }
}
