package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.BodyEdit;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.exchange.PassingBody;
import io.costoptimal.gateway.exchange.PassingBody.Framing;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.upstream.RequestEdits;
import io.costoptimal.gateway.upstream.RequestHead;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.util.List;

/**
 * One exchange's request whose body goes on to the provider while it arrives: as fast as the provider takes it, and no faster
 * than the client sends. Confined to the relay's event loop.
 *
 * <p>The beginning of the body is held, its window. Each candidate is sent the window first. Once something is sent that the
 * window has no room for, the window is let go of, and nobody else can be asked. A call to the connection may fail, and so
 * lead to another candidate, before it returns.
 */
final class PassingRequest {

    private final Relay relay;
    private final PassingBody passing;
    /** The most bytes of body that are held. */
    private final long limit;

    /** What the body is written to; {@code null} while nobody takes it. */
    private UpstreamConnection connection;
    /** Whether the client is held back. */
    private boolean held;
    /** Whether the client has been asked for the body. */
    private boolean asked;
    /** Whether the end of the body was written to the last connection. */
    private boolean whole;

    PassingRequest(Relay relay) {
        this.relay = relay;
        Exchange exchange = relay.exchange();
        passing = exchange.passing();
        limit = (long) exchange.body().length() + passing.window();
        asked = !passing.awaitsAsking();
        if (!asked) {
            hold();
        }
    }

    /** Whether all of the request was written to the connection that was leased last. */
    boolean whole() {
        return whole;
    }

    /** Sends the head, and what is held, to {@code leased}; what arrives follows. Nothing of the body was let go of. */
    void connected(UpstreamConnection leased) {
        connection = leased;
        whole = false;
        Exchange exchange = relay.exchange();
        Candidate candidate = exchange.candidate();
        HeldBody window = exchange.body();
        List<BodyEdit> edits = RequestEdits.of(exchange, candidate);
        int length = window.lengthWith(edits);
        long announced = announced(length - window.length());
        leased.write(RequestHead.write(relay.client().alloc(), exchange, candidate, announced, 0));
        beginChunk(leased, length);
        window.copyForWrite(edits).forEach(leased::write);
        endChunk(leased, length);
        sent(leased);
        if (connection == leased && !asked) {
            asked = true;
            relay.client().askForBody();
        }
    }

    /** @param change of the body's length by its edits */
    private long announced(int change) {
        return switch (passing.framing()) {
            case LENGTH -> passing.length() + change;
            case CHUNKED -> RequestHead.CHUNKED;
            case NONE -> OutgoingRequest.expectsBody(relay.exchange().method()) ? 0 : RequestHead.NO_BODY;
        };
    }

    /** Takes {@code piece}, the next of the body. */
    void body(ByteBuf piece, boolean last) {
        try {
            Rejection refusal = passing.next(piece, last);
            if (refusal != null) {
                relay.run().refuse(refusal);
            } else {
                pass(piece);
            }
        } finally {
            piece.release();
        }
    }

    /** Borrows {@code piece}. */
    private void pass(ByteBuf piece) {
        boolean kept = keep(piece);
        UpstreamConnection to = connection;
        if (to != null) {
            int n = piece.readableBytes();
            beginChunk(to, n);
            to.write(piece.retainedDuplicate());
            endChunk(to, n);
            sent(to);
        } else if (!kept && relay.leasing(relay.exchange())) {
            relay.run().refuse(Rejection.overloaded("The gateway holds too many request bodies; try again."));
        } else if (!passing.ended()) {
            hold();
        }
    }

    /**
     * Holds {@code piece}, borrowed, in the window too. If nobody takes it now, it is held even beyond the window: the client
     * is held back then, so that this is one piece. Returns false if the window is let go of.
     */
    private boolean keep(ByteBuf piece) {
        HeldBody window = relay.exchange().body();
        if (window == null) {
            return false;
        }
        int n = piece.readableBytes();
        boolean room = connection == null || window.length() + n <= limit;
        if (n == 0
                || room && window.hold(piece.retainedDuplicate(), relay.client().alloc())) {
            return true;
        }
        relay.candidates().bind();
        relay.exchange().releaseBody();
        return false;
    }

    private void beginChunk(UpstreamConnection to, int n) {
        if (passing.framing() == Framing.CHUNKED && n > 0) {
            to.write(ascii(Integer.toHexString(n) + "\r\n"));
        }
    }

    private void endChunk(UpstreamConnection to, int n) {
        if (passing.framing() == Framing.CHUNKED && n > 0) {
            to.write(ascii("\r\n"));
        }
    }

    private ByteBuf ascii(String text) {
        return ByteBufUtil.writeAscii(relay.client().alloc(), text);
    }

    /** All that has come was written to {@code to}: sends it, and sees to the pace. */
    private void sent(UpstreamConnection to) {
        if (connection == to && passing.ended()) {
            whole = true;
            if (passing.framing() == Framing.CHUNKED) {
                to.write(ascii("0\r\n\r\n"));
            }
        }
        to.flush();
        if (connection == to) {
            pace();
        }
    }

    /** The connection takes more again. */
    void writable() {
        if (connection != null && held) {
            pace();
        }
    }

    /** Who has to do something now: the client, or the provider, which has its time for that. */
    private void pace() {
        if (passing.ended()) {
            waitForProvider();
        } else if (connection.writable()) {
            waitForClient();
        } else if (!held) {
            waitForProvider();
            hold();
        } else {
            // The client was let go on by somebody else.
            hold();
        }
    }

    private void waitForProvider() {
        if (!answering()) {
            relay.timer().start(firstByteNanos());
        }
    }

    private void waitForClient() {
        LazyTimer timer = relay.timer();
        if (!answering()) {
            timer.stop();
        } else if (relay.client().writable()) {
            // The provider is not silent for nothing: it has not got all of the request.
            timer.touch();
        }
        held = false;
        relay.client().resumeBody();
    }

    private boolean answering() {
        return relay.exchange().state() == ExchangeState.ANSWERING;
    }

    private long firstByteNanos() {
        return relay.exchange().candidate().provider().firstByteTimeout().toNanos();
    }

    /** Nobody takes the body any more, or not now. */
    void disconnected() {
        connection = null;
        if (!passing.ended()) {
            hold();
        }
    }

    /** The exchange is over. */
    void over() {
        connection = null;
    }

    private void hold() {
        held = true;
        relay.client().holdBody();
    }
}
