package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.ResponseHead.Progress;
import io.costoptimal.gateway.http.WriteProgress;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.costoptimal.gateway.upstream.UpstreamReader;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * One exchange between the end of its request and the end of its answer: tries candidates until one answers, then passes
 * that answer on. Confined to the event loop that the client's and the provider's connection share.
 *
 * <p>{@link RelayState} says what it waits for and {@link #moveTo} is the one way on. Each cause of an end (answer complete,
 * broken off, client gone, defect) first moves to {@link RelayState#DONE}, then lets go of the provider, then speaks to the
 * client; so whatever these calls cause in turn finds a relay that does nothing. Longer than most because that machine is
 * in one place; the connection to the provider is {@link ProviderSide}, what becomes of errors {@link ErrorAnswers}, and what
 * is written to the client {@link Answer}.
 */
final class Relay implements UpstreamReader {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(Relay.class);

    private final SpliceHandler owner;
    private final ChannelHandlerContext client;
    private final Exchange exchange;
    private final Candidates candidates;
    private final ProviderSide provider;
    private final ErrorAnswers errors;

    private RelayState state = RelayState.LEASING;
    private Answer answer;
    /** {@code null} unless the client of a silent stream is to be sent comments. */
    private StreamComments comments;
    /** Whether the provider is not read because the client is not writable. */
    private boolean paused;
    /** Of the client, as of the last look; {@code null} before the first pause. */
    private WriteProgress progress;

    /** @param exchange routed, to at least one candidate */
    Relay(SpliceHandler owner, ChannelHandlerContext client, Exchange exchange) {
        this.owner = owner;
        this.client = client;
        this.exchange = exchange;
        this.candidates = new Candidates(exchange.decision());
        this.provider = new ProviderSide(this, owner, client, exchange);
        this.errors = new ErrorAnswers(this, owner, client, exchange, candidates);
    }

    void start() {
        attempt(candidates.take(), false);
    }

    private void attempt(Candidate candidate, boolean onFreshConnection) {
        moveTo(RelayState.LEASING);
        provider.ask(candidate, onFreshConnection);
    }

    /** Whether a connection is waited for. */
    boolean leasing() {
        return state == RelayState.LEASING;
    }

    @Override
    public void read(ByteBuf bytes) {
        try {
            switch (state) {
                case BODY -> relay(bytes);
                case ERROR -> errors.read(bytes);
                default -> readHead(bytes);
            }
        } catch (Throwable e) {
            owner.defect(e);
        }
    }

    /** Takes {@code bytes}. The clock of the first byte runs on: it is the head's deadline too. */
    private void readHead(ByteBuf bytes) {
        if (state == RelayState.WAITING) {
            moveTo(RelayState.HEAD);
        }
        Progress read = Progress.MALFORMED;
        try {
            read = owner.head().read(bytes, client.alloc());
        } finally {
            if (read != Progress.COMPLETE) {
                bytes.release();
            }
        }
        if (read == Progress.COMPLETE) {
            headRead(owner.head().complete(), bytes);
        } else if (read == Progress.MALFORMED) {
            fail(Phase.HEAD, Kind.NO_ANSWER, owner.head().failure());
        }
    }

    /** Takes {@code bytes}, which go on behind the head. */
    private void headRead(ResponseHead head, ByteBuf bytes) {
        exchange.headCame(head.status());
        BodyFraming framing = head.framing(exchange.method());
        if (framing instanceof BodyFraming.Violation violation) {
            bytes.release();
            fail(Phase.HEAD, Kind.NO_ANSWER, violation.reason());
            return;
        }
        errors.judge(head, framing, bytes);
    }

    /** Takes {@code bytes}. From here on there is no other provider, so nothing of the request is needed any more. */
    void begin(ResponseHead head, BodyFraming framing, ByteBuf bytes) {
        Answer begun = null;
        try {
            begun = new Answer(client, exchange, head, framing);
            begun.scan(bytes);
        } catch (Throwable e) {
            if (begun != null) {
                begun.readNoMore();
            }
            bytes.release();
            throw e;
        }
        if (begun.failure() != null) {
            exchange.usage(begun.readNoMore());
            begun.drop();
            bytes.release();
            fail(Phase.BODY, Kind.NO_ANSWER, "malformed body: " + begun.failure());
            return;
        }
        moveTo(RelayState.BODY);
        errors.release();
        exchange.answering(head.status());
        exchange.releaseBody();
        exchange.dropRequest();
        timer().start(owner.timeouts().upstream().streamIdle().toNanos());
        answer = begun;
        if (answer.eventStream() && !owner.timeouts().upstream().comment().isZero()) {
            comments = new StreamComments(
                    answer,
                    client.executor(),
                    owner.timeouts().upstream().comment().toNanos());
        }
        answer.begin(head, bytes);
        owner.head().clear();
        clientWritabilityChanged();
        afterRead();
        if (state == RelayState.BODY && !provider.connected()) {
            // A kept answer, of which all is here, and nobody left to end it by a close.
            complete();
        }
    }

    /** Takes {@code bytes}. They are accepted even while paused: epoll delivers what the kernel had (trap 20). */
    private void relay(ByteBuf bytes) {
        if (state != RelayState.BODY) {
            bytes.release();
            return;
        }
        if (!paused) {
            timer().touch();
        }
        if (comments != null) {
            comments.touch();
        }
        answer.read(bytes);
        afterRead();
    }

    private void afterRead() {
        if (state != RelayState.BODY) {
            return;
        }
        if (answer.failure() != null) {
            truncate("malformed body: " + answer.failure());
        } else if (answer.done()) {
            complete();
        }
    }

    @Override
    public void readComplete() {
        if (state == RelayState.BODY) {
            answer.flush();
        }
    }

    /** Nearly all of a long request has left: the wait for the answer begins now. */
    @Override
    public void writabilityChanged(boolean writable) {
        if (writable && state == RelayState.WAITING) {
            timer().touch();
        }
    }

    @Override
    public void closed(Throwable cause) {
        try {
            switch (state) {
                case WAITING -> {
                    UpstreamFailure silence = provider.silence(candidates, because("closed without an answer", cause));
                    letGo().release(false);
                    failover(silence);
                }
                case HEAD -> fail(Phase.HEAD, Kind.NO_ANSWER, because("closed within the head", cause));
                case ERROR -> errors.closed(cause == null);
                case BODY -> {
                    if (cause == null && answer.endsWithConnection()) {
                        complete();
                    } else {
                        truncate(because("closed within the body", cause));
                    }
                }
                default -> {}
            }
        } catch (Throwable e) {
            owner.defect(e);
        }
    }

    /** The provider may have closed in good order, and then there is no more to say. */
    private static String because(String what, Throwable cause) {
        return cause == null ? what : what + ": " + cause.getMessage();
    }

    /** The client's connection is writable again, or no longer. Idempotent, and safe within a write (traps 24 and 26). */
    void clientWritabilityChanged() {
        if (state == RelayState.BODY && !paused && !client.channel().isWritable()) {
            // What was written and not flushed is no backlog; this may fail, and end the exchange.
            answer.flush();
        }
        boolean pause = !client.channel().isWritable();
        if (state != RelayState.BODY || pause == paused || !provider.connected()) {
            return;
        }
        paused = pause;
        if (comments != null) {
            comments.paused(pause);
        }
        if (pause) {
            progress = new WriteProgress(client.channel());
            timer().start(owner.timeouts().client().writeStall().toNanos());
        } else {
            timer().start(owner.timeouts().upstream().streamIdle().toNanos());
        }
        provider.reading(!pause);
    }

    /** The owner's timer has run out; what for, the state tells. */
    void expired() {
        switch (state) {
            case WAITING -> fail(written() ? Phase.FIRST_BYTE : Phase.WRITE, Kind.TIMEOUT, "no answer in time");
            case HEAD -> fail(Phase.HEAD, Kind.TIMEOUT, "no whole head in time");
            case ERROR -> errors.decide();
            case BODY -> {
                if (!paused) {
                    truncate("nothing more in time");
                } else if (progress.goesOn()) {
                    timer().start(owner.timeouts().client().writeStall().toNanos());
                } else {
                    cancel();
                    exchange.end(Outcome.CLIENT_CANCELLED);
                }
            }
            default -> {}
        }
    }

    /** The exchange has taken longer than any may. Unless this broke its answer off, whoever calls this ends it. */
    void overdue() {
        String cause = "the exchange took too long";
        if (state == RelayState.BODY) {
            truncate(cause);
        } else {
            exchange.attemptFailed(new UpstreamFailure(phase(), Kind.TIMEOUT, cause));
            cancel();
        }
    }

    private Phase phase() {
        return switch (state) {
            case LEASING -> Phase.LEASE;
            case WAITING -> Phase.FIRST_BYTE;
            case ERROR -> Phase.STATUS;
            default -> Phase.HEAD;
        };
    }

    private void fail(Phase phase, Kind kind, String cause) {
        letGo().release(false);
        failover(new UpstreamFailure(phase, kind, cause));
    }

    void failover(UpstreamFailure failure) {
        LOG.debug("attempt_failed exchange={} {}", exchange, failure);
        exchange.attemptFailed(failure);
        if (failure.kind() == Kind.STALE_CONNECTION) {
            attempt(exchange.candidate(), true);
        } else if (candidates.mayMoveOn(failure, exchange.headStatus())) {
            attempt(candidates.take(), false);
        } else if (errors.keepOne()) {
            errors.relayBest();
        } else {
            done();
            client.writeAndFlush(Rejection.upstreamFailed(failure));
        }
    }

    /** All of the answer is written. The client may send its next request from within {@code end}. */
    private void complete() {
        boolean reusable = answer.reusable() && written();
        UpstreamConnection over = letGo();
        done();
        exchange.usage(answer.readNoMore());
        if (exchange.status() >= 400 && exchange.failures().size() < exchange.attempts()) {
            exchange.attemptFailed(new UpstreamFailure(Phase.STATUS, Kind.STATUS, "status " + exchange.status()));
        }
        answer.flush();
        if (over != null) {
            over.release(reusable);
        }
        exchange.end(Outcome.COMPLETED);
    }

    /** The rest of the answer will not come, and the client must be able to tell (trap 22). */
    private void truncate(String cause) {
        letGo().release(false);
        done();
        exchange.usage(answer.readNoMore());
        exchange.attemptFailed(new UpstreamFailure(Phase.BODY, Kind.CUT_OFF, cause));
        LOG.debug("answer_truncated exchange={} {}", exchange, cause);
        answer.breakOff();
        exchange.end(Outcome.TRUNCATED);
    }

    /** The client has left, or a defect ends the exchange; whoever calls this ends it (trap 28). */
    void cancel() {
        if (state == RelayState.DONE) {
            return;
        }
        provider.cancel();
        UpstreamConnection over = letGo();
        if (over != null) {
            over.release(false);
        }
        done();
        if (answer != null) {
            exchange.usage(answer.readNoMore());
        }
    }

    /** Returns the provider's connection, to be released by the caller, or {@code null}; nothing is waited for any more. */
    UpstreamConnection letGo() {
        timer().stop();
        if (comments != null) {
            comments.stop();
        }
        owner.head().clear();
        return provider.letGo();
    }

    /** Whether all of the request has left this process. */
    boolean written() {
        return provider.written();
    }

    private void done() {
        moveTo(RelayState.DONE);
        errors.release();
        owner.over(this);
    }

    void moveTo(RelayState to) {
        if (!state.mayMoveTo(to)) {
            throw new IllegalStateException("relay of " + exchange + ": " + state + " -> " + to);
        }
        state = to;
    }

    private LazyTimer timer() {
        return owner.timer();
    }
}
