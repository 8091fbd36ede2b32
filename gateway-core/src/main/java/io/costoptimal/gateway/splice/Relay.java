package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.LazyTimer;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.http.ResponseHead.Progress;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.Run;
import io.costoptimal.gateway.stage.Stage;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.costoptimal.gateway.upstream.UpstreamReader;
import io.costoptimal.gateway.upstream.Upstreams;
import io.netty.buffer.ByteBuf;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;

/**
 * The last stage: one exchange at a time, between the end of its request and the end of its answer. Tries candidates until
 * one answers, then passes that answer on. Confined to the event loop that the client's and the provider's connection share.
 *
 * <p>{@link RelayState} says what it waits for and {@link #moveTo} is the one way on. Every cause of an end calls
 * {@link Run#finish} or {@link Run#refuse}, and these call {@link #over}, the one place that lets go: it first moves to
 * {@link RelayState#DONE}, so that whatever the rest causes in turn finds a relay that does nothing. The connection to the
 * provider is {@link ProviderSide}, what becomes of errors {@link ErrorAnswers}, and an answer on its way to the client
 * {@link AnswerFlow}.
 */
public final class Relay implements Stage, UpstreamReader {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(Relay.class);

    private final AnswerHead head;
    private final ProviderSide provider;
    private final ErrorAnswers errors;
    private final AskingForUsage asking;
    private final AnswerFlow flow;
    private final AttemptAccount account;

    /** Of whatever is waited for. It outlives exchanges, because starting it anew for each would cost a task each time. */
    private LazyTimer timer;

    private RelayState state = RelayState.DONE;
    private Run run;
    private ClientSide client;

    /** What is being relayed; {@code null} in {@link RelayState#DONE}, as is what follows. */
    private Exchange exchange;

    private Candidates candidates;

    /**
     * @param upstreams of the event loop that the exchanges run on
     * @param shared with all relays of the gateway
     */
    public Relay(Upstreams upstreams, Timeouts timeouts, Limits.Upstream limits, Shared shared) {
        this.head = new AnswerHead(limits.headBytes());
        this.provider = new ProviderSide(this, upstreams);
        this.errors = new ErrorAnswers(this, shared.kept());
        this.asking = new AskingForUsage(this, shared.refusals());
        this.flow = new AnswerFlow(this, timeouts);
        this.account = new AttemptAccount(this, shared.accounting());
    }

    /**
     * What all relays of a gateway have in common. Any thread.
     *
     * @param kept room for error answers that are kept
     * @param accounting what is done about attempts that did not tell what they used
     * @param refusals which models refuse to be asked for usage
     */
    public record Shared(ByteBudget kept, Accounting accounting, UsageRefusals refusals) {}

    /** {@code exchange} is routed, to at least one candidate. */
    @Override
    public void enter(Exchange exchange, Run run) {
        this.exchange = exchange;
        this.run = run;
        client = run.client();
        if (timer == null) {
            timer = new LazyTimer(client.loop(), this::expired);
        }
        candidates = new Candidates(exchange.decision(), exchange.policy().prices());
        attempt(candidates.take(), false);
    }

    private void attempt(Candidate candidate, boolean onFreshConnection) {
        moveTo(RelayState.LEASING);
        provider.ask(candidate, onFreshConnection);
    }

    /** Whether {@code other} waits for a connection. */
    boolean leasing(Exchange other) {
        return state == RelayState.LEASING && exchange == other;
    }

    @Override
    public void body(ByteBuf piece, boolean last) {
        provider.body(piece, last);
    }

    @Override
    public void read(ByteBuf bytes) {
        try {
            switch (state) {
                case BODY -> flow.read(bytes);
                case ERROR -> errors.read(bytes);
                case WAITING, HEAD -> readHead(bytes);
                default -> bytes.release();
            }
        } catch (Throwable e) {
            run.defect(e);
        }
    }

    /** Takes {@code bytes}. The clock of the first byte runs on: it is the head's deadline too. */
    private void readHead(ByteBuf bytes) {
        if (state == RelayState.WAITING) {
            moveTo(RelayState.HEAD);
        }
        Progress read = Progress.MALFORMED;
        try {
            read = head.read(bytes, client.alloc());
        } finally {
            if (read != Progress.COMPLETE) {
                bytes.release();
            }
        }
        if (read == Progress.COMPLETE) {
            headRead(head.complete(), bytes);
        } else if (read == Progress.MALFORMED) {
            fail(Phase.HEAD, Kind.NO_ANSWER, head.failure());
        }
    }

    /** Takes {@code bytes}, which go on behind the head. */
    private void headRead(ResponseHead head, ByteBuf bytes) {
        exchange.headCame(head.status());
        if (exchange.embedder() != null) {
            exchange.embedder().answerStarted(exchange, new SeenHead(head));
        }
        provider.answered(head.status());
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
            begun = new Answer(client, exchange, head, framing, account.accounting());
            begun.scan(bytes);
        } catch (Throwable e) {
            if (begun != null) {
                begun.readNoMore();
                begun.dropText();
            }
            bytes.release();
            throw e;
        }
        if (begun.failure() != null) {
            account.answered(begun, false);
            begun.drop();
            bytes.release();
            leaveAndFailOver(new UpstreamFailure(Phase.BODY, Kind.NO_ANSWER, "malformed body: " + begun.failure()));
            return;
        }
        moveTo(RelayState.BODY);
        errors.release();
        asking.answered(head.status());
        exchange.answering(head.status());
        account.begun(begun);
        flow.begin(begun, head, bytes);
        if (state == RelayState.BODY) {
            // A stream may idle for minutes.
            exchange.dropRequest();
        }
    }

    @Override
    public void readComplete() {
        if (state == RelayState.BODY) {
            client.flush();
        }
    }

    /** Nearly all of a long request has left: the wait for the answer begins now, or more of the request follows. */
    @Override
    public void writabilityChanged(boolean writable) {
        if (writable) {
            if (state == RelayState.WAITING) {
                timer.touch();
            }
            provider.writable();
        }
    }

    @Override
    public void closed(Throwable cause) {
        try {
            switch (state) {
                case WAITING -> {
                    UpstreamFailure silence = provider.silence(candidates, because("closed without an answer", cause));
                    account.unanswered(silence.kind() == Kind.NO_ANSWER && provider.sent());
                    leave().release(false);
                    failover(silence);
                }
                case HEAD -> fail(Phase.HEAD, Kind.NO_ANSWER, because("closed within the head", cause));
                case ERROR -> errors.closed(cause == null);
                case BODY -> flow.closed(cause);
                default -> {}
            }
        } catch (Throwable e) {
            run.defect(e);
        }
    }

    /** The provider may have closed in good order, and then there is no more to say. */
    static String because(String what, Throwable cause) {
        return cause == null ? what : what + ": " + cause.getMessage();
    }

    @Override
    public void clientWritabilityChanged() {
        flow.clientWritabilityChanged();
    }

    /** The timer has run out; what for, the state tells. */
    private void expired() {
        try {
            switch (state) {
                case WAITING ->
                    fail(provider.written() ? Phase.FIRST_BYTE : Phase.WRITE, Kind.TIMEOUT, "no answer in time");
                case HEAD -> fail(Phase.HEAD, Kind.TIMEOUT, "no whole head in time");
                case ERROR -> errors.decide();
                case BODY -> flow.expired();
                default -> {}
            }
        } catch (Throwable e) {
            run.defect(e);
        }
    }

    @Override
    public void overdue() {
        String cause = "the exchange took too long";
        if (state == RelayState.BODY) {
            flow.cutOff(cause);
        } else {
            accountUnanswered();
            exchange.attemptFailed(new UpstreamFailure(state.phase(), Kind.TIMEOUT, cause));
        }
    }

    private void fail(Phase phase, Kind kind, String cause) {
        accountUnanswered();
        leaveAndFailOver(new UpstreamFailure(phase, kind, cause));
    }

    /** The present attempt ends, and no usable answer came. */
    private void accountUnanswered() {
        if (state == RelayState.WAITING || state == RelayState.HEAD) {
            account.unanswered(provider.sent());
        }
    }

    private void leaveAndFailOver(UpstreamFailure failure) {
        UpstreamConnection former = leave();
        if (former != null) {
            former.release(false);
        }
        failover(failure);
    }

    /** The present attempt has failed, and its connection is let go of: another follows, or this was the last. */
    void failover(UpstreamFailure failure) {
        LOG.debug("attempt_failed exchange={} {}", exchange, failure);
        exchange.attemptFailed(failure);
        if (failure.kind() == Kind.CREDENTIAL_REFUSED) {
            exchange.candidate().provider().access().refused(exchange.credential());
        }
        if (failure.kind() == Kind.STALE_CONNECTION) {
            attempt(exchange.candidate(), true);
        } else if (candidates.mayMoveOn(failure, exchange.headStatus())) {
            attempt(candidates.take(), false);
        } else if (errors.keepOne()) {
            errors.relayBest();
        } else {
            run.refuse(Rejection.upstreamFailed(failure));
        }
    }

    /**
     * The present attempt has failed for nothing but that it asked for usage, and its connection is let go of: the same
     * candidate is asked without, whatever the policy says, since nothing was processed.
     */
    void askWithoutUsage(UpstreamFailure failure) {
        LOG.debug("usage_refused exchange={} {}", exchange, failure);
        exchange.attemptFailed(failure);
        asking.refused();
        attempt(exchange.candidate(), false);
    }

    /** Leaves the present attempt: returns its connection, to be released by the caller, or {@code null}; nothing is waited for. */
    UpstreamConnection leave() {
        timer.stop();
        head.clear();
        return provider.leave();
    }

    @Override
    public void over(Outcome outcome) {
        boolean reusable = outcome == Outcome.COMPLETED && flow.reusable() && provider.written();
        if (exchange.attempts() > exchange.failures().size()) {
            accountUnanswered();
        }
        timer.stop();
        head.clear();
        UpstreamConnection former = provider.over();
        moveTo(RelayState.DONE);
        try {
            errors.release();
            asking.over();
            flow.over(outcome);
            account.over();
        } finally {
            if (former != null) {
                former.release(reusable);
            }
            exchange = null;
            candidates = null;
        }
    }

    @Override
    public void close() {
        if (timer != null) {
            timer.cancel();
        }
    }

    void moveTo(RelayState to) {
        if (!state.mayMoveTo(to)) {
            throw new IllegalStateException("relay of " + exchange + ": " + state + " -> " + to);
        }
        state = to;
    }

    Run run() {
        return run;
    }

    ClientSide client() {
        return client;
    }

    Exchange exchange() {
        return exchange;
    }

    AskingForUsage asking() {
        return asking;
    }

    Candidates candidates() {
        return candidates;
    }

    AttemptAccount account() {
        return account;
    }

    ProviderSide provider() {
        return provider;
    }

    AnswerHead head() {
        return head;
    }

    LazyTimer timer() {
        return timer;
    }
}
