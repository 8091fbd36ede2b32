package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.UsageSink;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.splice.CredentialRefusal.Subject;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A provider's error answer, held until it is known who else can answer: its head and body byte for byte as they came.
 * Confined to one event loop. Owns its buffer until {@link #take} or {@link #release}.
 */
final class ErrorAnswer {

    /** Bytes of a body that are waited for; what is longer is an error page that explains nothing to a program. */
    static final int MAX_BODY = 64 * 1024;

    /** How far the body has come. */
    enum Progress {
        MORE,
        /** All of it is here. */
        WHOLE,
        /** It is longer than {@link #MAX_BODY}. */
        TOO_LONG,
        /** Its framing is broken, or it was cut off. */
        MALFORMED
    }

    private final int attempt;
    private final int status;
    private final BodyFraming framing;
    private final AnswerBody body;
    private final ContentCoding coding;
    private final boolean eventStream;
    private final boolean keepAlive;
    private final int headBytes;
    private ByteBuf bytes;
    private Progress progress = Progress.MORE;
    private boolean surplus;

    /**
     * @param attempt index of the attempt that it answers
     * @param head complete; borrowed for the length of this call
     * @param framing of the body, as {@code head} says
     */
    ErrorAnswer(ByteBufAllocator alloc, int attempt, ResponseHead head, BodyFraming framing) {
        this.attempt = attempt;
        this.framing = framing;
        status = head.status();
        body = new AnswerBody(framing);
        coding = head.coding();
        eventStream = head.eventStream();
        keepAlive = head.keepAlive();
        headBytes = head.length();
        long announced = Math.max(0, Math.min(framing.announced(), MAX_BODY));
        bytes = alloc.ioBuffer(headBytes + (int) announced);
        head.copyTo(bytes);
    }

    /** Takes {@code more} of the body. */
    Progress read(ByteBuf more) {
        try {
            int n = body.scan(more, null);
            surplus |= n < more.readableBytes();
            bytes.writeBytes(more, more.readerIndex(), n);
        } finally {
            more.release();
        }
        if (body.failure() != null) {
            progress = Progress.MALFORMED;
        } else if (body.done()) {
            progress = Progress.WHOLE;
        } else if (bytes.readableBytes() - headBytes > MAX_BODY || announcedTooLong()) {
            progress = Progress.TOO_LONG;
        }
        return progress;
    }

    /** What must be looked into is waited for all the same: its first part may tell. */
    private boolean announcedTooLong() {
        return framing.announced() > MAX_BODY && !CredentialRefusal.maySay(status);
    }

    /** The provider's connection has ended in good order, which is the end of some bodies. */
    void ended() {
        if (body.endsWithConnection() && progress == Progress.MORE) {
            progress = Progress.WHOLE;
        }
    }

    /** The provider's connection is gone: what is not whole now never will be. */
    void cutUnlessWhole() {
        if (progress != Progress.WHOLE) {
            progress = Progress.MALFORMED;
        }
    }

    int attempt() {
        return attempt;
    }

    int status() {
        return status;
    }

    /** Whether all of it is here and sound, so that it can be relayed later. */
    boolean whole() {
        return progress == Progress.WHOLE;
    }

    /** Whether what is here may begin an answer to the client: nothing is wrong with it so far. */
    boolean sound() {
        return progress != Progress.MALFORMED;
    }

    /** Whether the provider's connection may serve another request. */
    boolean reusable() {
        return keepAlive && whole() && !surplus;
    }

    int size() {
        return bytes.readableBytes();
    }

    /**
     * What it is about, as far as can be told from what is here.
     *
     * @param ours whether the provider was sent the gateway's own credential
     */
    Subject subject(boolean ours) {
        if (!ours || !CredentialRefusal.maySay(status)) {
            return Subject.REQUEST;
        }
        return CredentialRefusal.subject(plain());
    }

    /** Whether it says that the request is longer than the model's context window. */
    boolean saysTooLong() {
        if (!whole() || !ContextOverflow.maySay(status)) {
            return false;
        }
        PlainBody plain = plain();
        return plain.readable() && ContextOverflow.says(plain.bytes());
    }

    /** Whether it names the member by which a stream is asked for usage, as whoever does not know it does. */
    boolean namesUsageOption() {
        PlainBody plain = plain();
        if (!plain.readable()) {
            return false;
        }
        String text = new String(plain.bytes(), StandardCharsets.ISO_8859_1);
        return text.contains("stream_options") || text.contains("include_usage");
    }

    private PlainBody plain() {
        byte[] payload = new byte[bytes.readableBytes() - headBytes];
        int[] length = new int[1];
        scanPayload((from, index, n) -> {
            from.getBytes(index, payload, length[0], n);
            length[0] += n;
        });
        return PlainBody.of(Arrays.copyOf(payload, length[0]), whole(), coding);
    }

    /** What it tells of tokens; {@code null} when nothing, as errors nearly always do. */
    Usage usage(Operation asked) {
        UsageSink sink = UsageSink.of(asked, coding, eventStream, -1);
        if (sink == null) {
            return null;
        }
        try {
            scanPayload(sink);
        } finally {
            sink.over();
        }
        return sink.usage();
    }

    private void scanPayload(PayloadSink sink) {
        new AnswerBody(framing).scan(bytes.slice(headBytes, bytes.readableBytes() - headBytes), sink);
    }

    /** Returns head and body, the caller's from now on. */
    ByteBuf take() {
        ByteBuf taken = bytes;
        bytes = null;
        return taken;
    }

    void release() {
        if (bytes != null) {
            take().release();
        }
    }
}
