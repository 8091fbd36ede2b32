package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.splice.CredentialRefusal.Subject;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import java.util.concurrent.TimeUnit;

/**
 * What one {@link Relay} does about the error answers of its providers: reads each, decides whose trouble it is, keeps the
 * best, and at last has that relayed. Confined to the relay's event loop. Owns what it reads and keeps until
 * {@link #release}, which leaves it ready for the next exchange.
 */
final class ErrorAnswers {

    /** How long the rest of an error answer is waited for. */
    private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final Relay relay;
    private final BestAnswer best;
    /** {@code null} but in {@link RelayState#ERROR}. */
    private ErrorAnswer read;

    /** @param kept room for what is kept, shared by all relays */
    ErrorAnswers(Relay relay, ByteBudget kept) {
        this.relay = relay;
        this.best = new BestAnswer(kept);
    }

    /** Takes {@code bytes}, which go on behind {@code head}: the answer is the client's, looked at, or discarded. */
    void judge(ResponseHead head, BodyFraming framing, ByteBuf bytes) {
        String method = relay.exchange().method();
        boolean look = !best.isEmpty() || relay.asking().mayBeRefusedBy(head.status());
        switch (relay.candidates().verdict(head.status(), method, credentialIsOurs(), look)) {
            case RELAY -> relay.begin(head, framing, bytes);
            case LOOK -> look(head, framing, bytes);
            case UNUSABLE -> discard(head, framing, bytes, Kind.NO_ANSWER);
            case REFUSED -> discard(head, framing, bytes, Kind.CREDENTIAL_REFUSED);
        }
    }

    private boolean credentialIsOurs() {
        return CredentialRefusal.isOurs(relay.exchange().candidate().provider());
    }

    private static UpstreamFailure ofStatus(int status, Kind kind) {
        return new UpstreamFailure(Phase.STATUS, kind, "status " + status);
    }

    /** Takes {@code bytes}. The client never sees this answer. */
    private void discard(ResponseHead head, BodyFraming framing, ByteBuf bytes, Kind kind) {
        int status = head.status();
        boolean reusable = head.keepAlive() && relay.provider().written();
        UpstreamConnection former = relay.leave();
        if (reusable) {
            DiscardedAnswer.start(former, framing, bytes, relay.client().loop());
        } else {
            bytes.release();
            former.release(false);
        }
        relay.failover(ofStatus(status, kind));
    }

    /** Takes {@code bytes}. Its body is soon here, or it is decided without. */
    private void look(ResponseHead head, BodyFraming framing, ByteBuf bytes) {
        relay.moveTo(RelayState.ERROR);
        try {
            read = new ErrorAnswer(relay.client().alloc(), relay.exchange().attempts() - 1, head, framing);
        } catch (Throwable e) {
            bytes.release();
            throw e;
        }
        relay.head().clear();
        relay.timer().start(LOOK_NANOS);
        read(bytes);
    }

    /** Takes {@code bytes} of the answer that is being read. */
    void read(ByteBuf bytes) {
        if (read.read(bytes) != ErrorAnswer.Progress.MORE) {
            decide();
        }
    }

    /** The provider's connection has ended. */
    void closed(boolean inOrder) {
        if (inOrder) {
            read.ended();
        }
        read.cutUnlessWhole();
        decide();
    }

    /** Enough of an error answer is here, or no more will come: it is kept, passed over, or the client's. */
    void decide() {
        int status = read.status();
        if (relay.asking().mayBeRefusedBy(status) && read.namesUsageOption()) {
            ErrorAnswer refusal = taken();
            leave(refusal);
            refusal.release();
            relay.askWithoutUsage(ofStatus(status, Kind.STATUS));
            return;
        }
        boolean whole = read.whole();
        Subject subject = read.subject(credentialIsOurs());
        // What may be about our credential is never the client's.
        boolean clients = subject == Subject.REQUEST;
        UpstreamFailure failure =
                ofStatus(status, subject == Subject.CREDENTIAL ? Kind.CREDENTIAL_REFUSED : Kind.STATUS);
        if (read.saysTooLong()) {
            relay.candidates().outgrew(relay.exchange().candidate());
        }
        boolean last = !relay.candidates().mayMoveOn(failure, status);
        if (last && !whole && clients && read.sound() && best.beats(status)) {
            relayAnew(taken());
            return;
        }
        ErrorAnswer done = taken();
        leave(done);
        if (clients && whole) {
            best.offer(done, last);
        } else {
            done.release();
        }
        relay.failover(failure);
    }

    /** Lets go of the connection that {@code done} came on, and tells the exchange what it said of tokens. */
    private void leave(ErrorAnswer done) {
        boolean reusable = done.reusable() && relay.provider().written();
        relay.leave().release(reusable);
        Exchange exchange = relay.exchange();
        exchange.usage(done.usage(exchange.operation()));
    }

    private ErrorAnswer taken() {
        ErrorAnswer taken = read;
        read = null;
        return taken;
    }

    /** Whether an answer is kept for the case that nobody answers better. */
    boolean keepOne() {
        return !best.isEmpty();
    }

    /** Has the best answer relayed, of a provider that was let go long ago. */
    void relayBest() {
        ErrorAnswer kept = best.take();
        relay.exchange().answeredBy(kept.attempt());
        relayAnew(kept);
    }

    /** Takes {@code answer}, and has it relayed as if it came just now. */
    private void relayAnew(ErrorAnswer answer) {
        ByteBuf bytes = answer.take();
        ResponseHead head;
        try {
            head = relay.head().again(bytes, relay.client().alloc());
        } catch (Throwable e) {
            bytes.release();
            throw e;
        }
        relay.begin(head, head.framing(relay.exchange().method()), bytes);
    }

    void release() {
        best.release();
        if (read != null) {
            taken().release();
        }
    }
}
