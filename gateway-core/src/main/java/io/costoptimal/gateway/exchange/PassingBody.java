package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;
import java.util.List;

/**
 * A request's body that goes on to a provider while it arrives, and is not held whole. Confined to the event loop of its
 * exchange.
 *
 * <p>The beginning of the body is held ({@link Exchange#body}) as long as nothing has gone out that is not held: so long the
 * request can be sent to another candidate.
 */
public final class PassingBody {

    /** How a client tells where its body ends. */
    public enum Framing {
        /** By the length that it announces. */
        LENGTH,
        /** By the chunked coding (RFC 9112, 7.1). */
        CHUNKED,
        /** There is no body, and the head says nothing of one. */
        NONE
    }

    private final Framing framing;
    private final long length;
    private final int window;
    private final BodyCheck check;
    private final boolean awaitsAsking;

    /** {@code null} unless the body is a form. */
    private String boundary;

    private List<String> referred = List.of();
    private boolean ended;

    /**
     * @param length in bytes; of no meaning unless {@code framing} is {@link Framing#LENGTH}
     * @param window how many bytes are held, besides those that were when the exchange was handed on
     * @param check asked for each piece
     * @param awaitsAsking whether the client sends nothing before it is asked (RFC 9110, 10.1.1), and was not asked yet
     */
    public PassingBody(Framing framing, long length, int window, BodyCheck check, boolean awaitsAsking) {
        this.framing = framing;
        this.length = length;
        this.window = window;
        this.check = check;
        this.awaitsAsking = awaitsAsking;
    }

    public Framing framing() {
        return framing;
    }

    /** In bytes, as the client announced it; of no meaning unless {@link #framing} is {@link Framing#LENGTH}. */
    public long length() {
        return length;
    }

    /** How many bytes are held, besides those that were when the exchange was handed on. */
    public int window() {
        return window;
    }

    public boolean awaitsAsking() {
        return awaitsAsking;
    }

    /** The body is a form whose parts are told apart by {@code boundary} (RFC 2046, 5.1.1). */
    public void parts(String boundary) {
        this.boundary = boundary;
    }

    /** What tells the parts of the body apart; {@code null} when it is no form. */
    public String boundary() {
        return boundary;
    }

    /** The body is a form that refers to the objects called {@code ids}. */
    public void refersTo(List<String> ids) {
        referred = List.copyOf(ids);
    }

    /** The objects that the body refers to. */
    public List<String> referred() {
        return referred;
    }

    /**
     * Looks at the next piece; see {@link BodyCheck#next}. For every piece once, in their order, whoever has the exchange.
     *
     * @param piece borrowed
     */
    public Rejection next(ByteBuf piece, boolean last) {
        ended = last;
        return check.next(piece, last);
    }

    /** Whether all of it has come. */
    public boolean ended() {
        return ended;
    }
}
