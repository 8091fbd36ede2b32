package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * The flow of one relay's answers from provider to client, in {@link RelayState#BODY}: when the provider is read, which of
 * two clocks runs, and what an end means. Confined to the relay's event loop.
 *
 * <p>While the client takes what it gets, the provider is read and must go on; while the client takes no more, the provider
 * is not read and the client must take something. A call to the client may lead back here before it returns (traps 24
 * and 26).
 */
final class AnswerFlow {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(AnswerFlow.class);

    private final Relay relay;
    private final Timeouts timeouts;

    /** {@code null} but in {@link RelayState#BODY}. */
    private Answer answer;
    /** {@code null} unless the client of a silent stream is to be sent comments. */
    private StreamComments comments;
    /** Whether the provider is not read because the client is not writable. */
    private boolean paused;
    /** Why the answer breaks off, when that is known. */
    private UpstreamFailure cut;

    AnswerFlow(Relay relay, Timeouts timeouts) {
        this.relay = relay;
        this.timeouts = timeouts;
    }

    /** Takes {@code first}, scanned by {@code begun}, and writes the head and it. */
    void begin(Answer begun, ResponseHead head, ByteBuf first) {
        answer = begun;
        relay.timer().start(timeouts.upstream().streamIdle().toNanos());
        if (answer.eventStream() && !timeouts.upstream().comment().isZero()) {
            comments = new StreamComments(
                    answer, relay.client().loop(), timeouts.upstream().comment().toNanos());
        }
        answer.begin(head, first);
        relay.head().clear();
        clientWritabilityChanged();
        afterRead();
        if (answer == begun && !relay.provider().connected()) {
            // An answer that was kept: all of it is here, and no close of a connection will end it.
            relay.run().finish(Outcome.COMPLETED);
        }
    }

    private boolean flowing() {
        return answer != null;
    }

    /** Takes {@code bytes}. They are accepted even while paused: epoll delivers what it has read from the socket (trap 20). */
    void read(ByteBuf bytes) {
        if (!paused) {
            relay.timer().touch();
        }
        if (comments != null) {
            comments.touch();
        }
        answer.read(bytes);
        afterRead();
    }

    private void afterRead() {
        if (!flowing()) {
            return;
        }
        if (answer.failure() != null) {
            cutOff("malformed body: " + answer.failure());
        } else if (answer.done()) {
            relay.run().finish(Outcome.COMPLETED);
        }
    }

    /** The provider's connection has ended; in good order if {@code cause} is {@code null}. */
    void closed(Throwable cause) {
        if (cause == null && answer.endsWithConnection()) {
            relay.run().finish(Outcome.COMPLETED);
        } else {
            cutOff(Relay.because("closed within the body", cause));
        }
    }

    /** The client takes more again, or no longer. Idempotent. */
    void clientWritabilityChanged() {
        if (flowing() && !paused && !relay.client().writable()) {
            // What was handed over and not sent is no backlog; this may fail, and end the exchange.
            relay.client().flush();
        }
        if (!flowing()
                || relay.client().writable() != paused
                || !relay.provider().connected()) {
            return;
        }
        paused = !paused;
        if (comments != null) {
            comments.paused(paused);
        }
        if (paused) {
            relay.client().watch();
            relay.timer().start(timeouts.client().writeStall().toNanos());
        } else {
            relay.timer().start(timeouts.upstream().streamIdle().toNanos());
        }
        relay.provider().reading(!paused);
    }

    /** The clock that was running has run out. */
    void expired() {
        if (!paused) {
            cutOff("nothing more in time");
        } else if (relay.client().progressed()) {
            relay.timer().start(timeouts.client().writeStall().toNanos());
        } else {
            relay.run().finish(Outcome.CLIENT_CANCELLED);
        }
    }

    /** The rest of the answer will not come, and the client must be able to tell (trap 22). */
    void cutOff(String cause) {
        LOG.debug("answer_truncated exchange={} {}", relay.exchange(), cause);
        cut = new UpstreamFailure(Phase.BODY, Kind.CUT_OFF, cause);
        relay.run().finish(Outcome.TRUNCATED);
    }

    /** Whether all of the answer has come, and left its connection fit for another. */
    boolean reusable() {
        return flowing() && answer.reusable();
    }

    /** The exchange is over: tells it what its answer was worth, and the client all there is of that. */
    void over(Outcome outcome) {
        if (!flowing()) {
            return;
        }
        Answer ended = answer;
        answer = null;
        paused = false;
        if (comments != null) {
            comments.stop();
            comments = null;
        }
        UpstreamFailure failure = cut;
        cut = null;
        Exchange exchange = relay.exchange();
        relay.account().answered(ended, outcome == Outcome.COMPLETED);
        if (failure != null) {
            exchange.attemptFailed(failure);
            ended.insert(ErrorEvent.of(exchange));
        } else if (outcome == Outcome.COMPLETED && isFailure(exchange)) {
            exchange.attemptFailed(new UpstreamFailure(Phase.STATUS, Kind.STATUS, "status " + exchange.status()));
        }
        relay.client().flush();
    }

    /** An error that was kept and relayed later has been told of. */
    private static boolean isFailure(Exchange exchange) {
        return exchange.status() >= 400 && exchange.failures().size() < exchange.attempts();
    }
}
