package io.costoptimal.gateway.exchange;

import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.netty.handler.codec.http.HttpRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * One request and its answer: travels through the stages, gathers facts, ends once. Confined to the event loop of its
 * client connection.
 *
 * <p>The held body is this object's: {@link #end} releases it, {@link #releaseBody} earlier when no provider can need it
 * again. Whoever moves an exchange does it through {@link #moveTo}; an illegal move is a defect and throws.
 *
 * <p>Longer than most classes because every fact that a stage learns is set and read here; nearly all methods are one line.
 */
public final class Exchange implements ExchangeReport {

    private final long startNanos = System.nanoTime();
    private final long startMillis = System.currentTimeMillis();
    private final RequestId id = RequestId.next(startMillis);
    private final Policy policy;
    private final Target target;
    private final String method;
    private final String path;

    private HttpRequest request;
    private String clientAddress;
    private ClientConnection connection = ClientConnection.HTTP_1;
    /** {@code null} until somebody asks, or the request is dropped. */
    private Caller caller;

    private String upstreamRequestId;
    private ExchangeState state = ExchangeState.ACCEPTED;
    private InFlight inFlight;
    /** {@code null} where no embedder wants to know. */
    private EmbedderCalls embedder;

    private Principal principal;
    private String gatewayKey;
    private RequestFacts facts;
    private HeldBody body;
    private String owner;
    /** {@code null} where nobody wants to know. */
    private ObjectOwners owners;

    private String maker;
    private Origin origin;
    private Runnable whenTold;

    /** {@code null} for nearly all exchanges. */
    private PassingBody passing;

    private Decision decision;
    private Candidate candidate;
    private int attempts;
    /** What the present attempt shows its provider. */
    private String credential;

    private List<Attempt> failures = List.of();
    /** Of the present attempt: {@link System#nanoTime} of its start, its answer's head after that, and that head's status. */
    private long attemptStartNanos;

    private long headNanos = -1;
    private int headStatus;
    private boolean askedForUsage;
    private int status;
    private long requestBytes;
    private long responseBytes;
    private Accounted accounted = Accounted.NOTHING;
    private List<Uncounted> uncounted = List.of();
    /** Of the request, for whoever counts; {@code null} unless somebody has to. */
    private SharedBody bodyToCount;

    private long firstByteNanos = -1;
    private long totalNanos = -1;
    private Outcome outcome;

    /**
     * @param request the decoded head; kept until {@link #dropRequest}
     * @param target never {@code null}, but without an operation when the head was not understood
     * @param policy the configuration this exchange keeps to its end
     */
    public Exchange(HttpRequest request, Target target, Policy policy) {
        this.request = request;
        this.target = target;
        this.policy = policy;
        this.method = request.method().name();
        int query = request.uri().indexOf('?');
        this.path = query < 0 ? request.uri() : request.uri().substring(0, query);
    }

    /** Counts this exchange in {@code loop}'s figures until it ends; once, before anything moves it. */
    public void countIn(InFlight loop) {
        inFlight = loop;
        loop.began(state);
    }

    /** Sets who is asked and told about this exchange; once, before anything moves it. */
    public void embedder(EmbedderCalls calls) {
        embedder = calls;
    }

    /** Who is asked and told about this exchange; {@code null} for nobody. */
    public EmbedderCalls embedder() {
        return embedder;
    }

    /** What an embedder adds to the head of the present attempt's request; what the embedder throws is the caller's. */
    public Map<String, String> addedFields() {
        return embedder == null ? Map.of() : embedder.added(this);
    }

    /**
     * The one way to another state.
     *
     * @throws IllegalStateException when {@code to} cannot follow the present state
     */
    public void moveTo(ExchangeState to) {
        if (!state.mayMoveTo(to)) {
            throw new IllegalStateException("exchange " + id() + ": " + state + " -> " + to);
        }
        if (inFlight != null) {
            inFlight.moved(state, to);
        }
        state = to;
    }

    /** Ends this exchange; later calls do nothing. */
    public void end(Outcome outcome) {
        if (state == ExchangeState.ENDED) {
            return;
        }
        moveTo(ExchangeState.ENDED);
        this.outcome = outcome;
        totalNanos = System.nanoTime() - startNanos;
        if (!uncounted.isEmpty() && body != null && passing == null) {
            bodyToCount = body.share();
        }
        releaseBody();
    }

    public boolean ended() {
        return state == ExchangeState.ENDED;
    }

    public ExchangeState state() {
        return state;
    }

    public Policy policy() {
        return policy;
    }

    /** The decoded head; {@code null} after {@link #dropRequest}. */
    public HttpRequest request() {
        return request;
    }

    /** Forgets the head and the key in it, which a stream that idles for minutes need not keep, but for who sent it. */
    public void dropRequest() {
        caller();
        request = null;
        gatewayKey = null;
        credential = null;
    }

    /** Sets the text of the client's IP address; once, before anybody asks for the {@link #caller}. */
    public void clientAddress(String address) {
        clientAddress = address;
    }

    /** The text of the client's IP address; {@code null} when it has none. */
    public String clientAddress() {
        return clientAddress;
    }

    /** Sets over what the request has come. */
    public void connection(ClientConnection over) {
        connection = over;
    }

    @Override
    public ClientConnection connection() {
        return connection;
    }

    /** By what the client has proved itself over TLS; {@code null} when it has not. */
    public ClientCertificate clientCertificate() {
        return connection.certificate();
    }

    /** Sets what the provider that answers calls this exchange; {@code null} when it has no name for it. */
    public void upstreamRequestId(String id) {
        upstreamRequestId = id;
    }

    @Override
    public RequestId requestId() {
        return id;
    }

    public void authenticated(Principal owner) {
        moveTo(ExchangeState.AUTHENTICATED);
        principal = owner;
    }

    /**
     * The same for a client that was let in by a key.
     *
     * @param key as it stands in the head; kept out of what providers get, and in no log
     */
    public void authenticated(Principal owner, String key) {
        authenticated(owner);
        gatewayKey = key;
    }

    /** What let the client in; {@code null} when nothing had to, and after {@link #dropRequest}. */
    public String gatewayKey() {
        return gatewayKey;
    }

    /** Takes {@code body}, which may still grow: whatever ends this exchange from now on releases it. */
    public void hold(HeldBody body) {
        this.body = body;
    }

    /** Takes {@code body}, the same that {@link #hold} was given if it was called. */
    public void inspected(RequestFacts facts, HeldBody body) {
        this.body = body;
        moveTo(ExchangeState.INSPECTED);
        this.facts = facts;
    }

    /**
     * Sets who is told of the objects that are made for this request.
     *
     * @param key whose they are: the {@link Principal#identity} of the client, or of the key that made the object they belong to
     */
    public void tell(ObjectOwners listener, String key) {
        owners = listener;
        maker = key;
    }

    /** Who is told of the objects that are made for this request; {@code null} for nobody. */
    public ObjectOwners objectOwners() {
        return owners;
    }

    /** Whose the objects are that are made for this request; of no meaning where nobody is told of them. */
    public String maker() {
        return maker;
    }

    /**
     * The usage of what the request is about, or of what it begins, may be told by a later answer instead of this one.
     *
     * @param begun what it belongs to, if that is another request's attempt; {@code null} if it is this one's
     * @param told run when it is told
     */
    public void usageMayComeLater(Origin begun, Runnable told) {
        origin = begun;
        whenTold = told;
    }

    /** Whether this answer may not tell its usage, and a later one will. */
    public boolean usageMayComeLater() {
        return whenTold != null && origin == null;
    }

    /**
     * Settles whose usage the answer tells, if it could be that of something in the background.
     *
     * @param told whether it has told it
     */
    public void settleUsage(boolean told) {
        if (whenTold != null && told) {
            whenTold.run();
            whenTold = null;
        } else if (!told) {
            origin = null;
        }
    }

    @Override
    public Origin origin() {
        return origin;
    }

    /** The objects that the request is about are kept by the provider called {@code id}; before {@link #routed}. */
    public void ownedBy(String id) {
        owner = id;
    }

    /** The provider that keeps the objects that the request is about; {@code null} when it is about none, or none is known. */
    public String owner() {
        return owner;
    }

    /** The body is not held whole: it goes on to the provider as {@code body} says. Before {@link #inspected}. */
    public void passes(PassingBody body) {
        passing = body;
    }

    /** How the body goes on to the provider while it arrives; {@code null} when it is held whole. */
    public PassingBody passing() {
        return passing;
    }

    public void routed(Decision decision) {
        moveTo(ExchangeState.ROUTED);
        this.decision = decision;
    }

    public void attempt(Candidate candidate) {
        moveTo(ExchangeState.ATTEMPTING);
        this.candidate = candidate;
        attempts++;
        attemptStartNanos = System.nanoTime();
        headNanos = -1;
        headStatus = 0;
        askedForUsage = false;
        accounted = Accounted.NOTHING;
        if (embedder != null) {
            embedder.attemptStarted(this);
        }
    }

    /** Sets what the present attempt shows its provider: a secret; {@code null} for nothing of ours. */
    public void credential(String shown) {
        credential = shown;
    }

    /** What the present attempt shows its provider; {@code null} for nothing of ours, and after {@link #dropRequest}. */
    public String credential() {
        return credential;
    }

    /** The present attempt asks for usage in the name of the client, who left that open. */
    public void asksForUsage() {
        askedForUsage = true;
    }

    /** Whether the present attempt asks for usage though the client did not. */
    public boolean askedForUsage() {
        return askedForUsage;
    }

    /** The present attempt was answered: the head of an answer has come, with {@code status}. */
    public void headCame(int status) {
        headNanos = System.nanoTime() - attemptStartNanos;
        headStatus = status;
    }

    /** Status of the present attempt's answer; 0 while there is none. */
    public int headStatus() {
        return headStatus;
    }

    /** The present attempt has failed; once for each. What is known of its usage is to be set before. */
    public void attemptFailed(UpstreamFailure failure) {
        if (failures.isEmpty()) {
            failures = new ArrayList<>(2);
        }
        failures.add(attempt(failure, System.nanoTime() - attemptStartNanos));
        if (embedder != null) {
            embedder.attemptFailed(this, failure);
        }
    }

    /**
     * The answer that an earlier attempt got is the one to relay. It failed, and was kept.
     *
     * @param attempt its place among the attempts, from 0
     */
    public void answeredBy(int attempt) {
        Attempt earlier = failures.get(attempt);
        candidate = earlier.candidate();
        attemptStartNanos = startNanos + earlier.timing().started();
        headNanos = earlier.timing().firstByte();
        headStatus = earlier.status();
    }

    private Attempt attempt(UpstreamFailure failure, long nanos) {
        Attempt.Timing timing = new Attempt.Timing(attemptStartNanos - startNanos, headNanos, nanos);
        return new Attempt(candidate, failure, headStatus, accounted, timing);
    }

    /** The first byte of an answer is being written: the present attempt's, or one of the gateway's own. */
    public void answering(int status) {
        moveTo(ExchangeState.ANSWERING);
        this.status = status;
        if (headNanos >= 0) {
            firstByteNanos = attemptStartNanos - startNanos + headNanos;
        }
    }

    /** Sets the status of an answer that is no provider's. */
    public void status(int status) {
        this.status = status;
    }

    public void addRequestBytes(int n) {
        requestBytes += n;
    }

    public void addResponseBytes(int n) {
        responseBytes += n;
    }

    /** Sets what the present attempt used. */
    public void accounted(Accounted used) {
        accounted = used;
    }

    /** Sets what the present attempt used, as the provider told it; {@code null} when it told nothing. */
    public void usage(Usage told) {
        accounted = Accounted.reported(told);
    }

    /** The same of any attempt, by its place from 0; for whoever counts after the end. */
    public void accounted(int attempt, Accounted used) {
        if (attempt < failures.size()) {
            Attempt failed = failures.get(attempt);
            failures.set(
                    attempt, new Attempt(failed.candidate(), failed.failure(), failed.status(), used, failed.timing()));
        }
        if (attempt == attempts - 1) {
            accounted = used;
        }
    }

    /** What {@code attempt} used is to be counted when this exchange is over. Whoever does that releases its text. */
    public void toCount(Uncounted attempt) {
        if (uncounted.isEmpty()) {
            uncounted = new ArrayList<>(2);
        }
        uncounted.add(attempt);
    }

    /** The attempts that are to be counted; empty for nearly all exchanges. */
    public List<Uncounted> uncounted() {
        return uncounted;
    }

    /**
     * Returns the request's body for whoever counts, the caller's to release; {@code null} when it is not there any more.
     * Once, after the end.
     */
    public SharedBody takeBodyToCount() {
        SharedBody taken = bodyToCount;
        bodyToCount = null;
        return taken;
    }

    /**
     * The held body; {@code null} before anything is held and after {@link #releaseBody}. Whole once inspected, unless it is
     * {@link #passing}: then what has come of it.
     */
    public HeldBody body() {
        return body;
    }

    /** Releases the held body, once nobody can need it again. */
    public void releaseBody() {
        if (body != null) {
            body.release();
            body = null;
        }
    }

    @Override
    public String id() {
        return id.toString();
    }

    @Override
    public String upstreamRequestId() {
        return upstreamRequestId;
    }

    @Override
    public Caller caller() {
        if (caller == null) {
            caller = Caller.of(clientAddress, request.headers());
        }
        return caller;
    }

    @Override
    public Instant startedAt() {
        return Instant.ofEpochMilli(startMillis);
    }

    @Override
    public long startedMillis() {
        return startMillis;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public String method() {
        return method;
    }

    @Override
    public Principal principal() {
        return principal;
    }

    @Override
    public RequestFacts facts() {
        return facts;
    }

    @Override
    public String modelAsked() {
        if (target.pathModel() != null) {
            return target.pathModel();
        }
        return facts == null || target.operation().model() == ModelPlace.NONE
                ? null
                : facts.model().name();
    }

    @Override
    public String modelSent() {
        return candidate == null ? null : nameFor(candidate);
    }

    /** The model as {@code other} would get it: what was asked for while nothing is decided. */
    public String nameFor(Candidate other) {
        return decision != null ? decision.nameFor(other) : other.model() != null ? other.model() : modelAsked();
    }

    /** What {@code other} would be asked for: what the client asked for, unless the candidate says otherwise. */
    public Operation operationFor(Candidate other) {
        return other == null || other.operation() == null ? target.operation() : other.operation();
    }

    /** What the present attempt asks for; before the first, what the client asked for. */
    public Operation operation() {
        return operationFor(candidate);
    }

    @Override
    public Decision decision() {
        return decision;
    }

    @Override
    public Candidate candidate() {
        return candidate;
    }

    @Override
    public int attempts() {
        return attempts;
    }

    @Override
    public UpstreamFailure failure() {
        return failures.isEmpty() ? null : failures.get(failures.size() - 1).failure();
    }

    @Override
    public List<Attempt> failures() {
        return failures.isEmpty() ? List.of() : Collections.unmodifiableList(failures);
    }

    @Override
    public List<Attempt> history() {
        if (failures.size() == attempts) {
            return failures();
        }
        List<Attempt> all = new ArrayList<>(failures);
        all.add(attempt(null, totalNanos < 0 ? -1 : totalNanos - (attemptStartNanos - startNanos)));
        return Collections.unmodifiableList(all);
    }

    @Override
    public Prices prices() {
        return policy.prices();
    }

    @Override
    public long attemptStartedNanos() {
        return attemptStartNanos - startNanos;
    }

    @Override
    public long attemptFirstByteNanos() {
        return headNanos;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public long requestBytes() {
        return requestBytes;
    }

    @Override
    public long responseBytes() {
        return responseBytes;
    }

    @Override
    public Accounted accounted() {
        return accounted;
    }

    @Override
    public long firstByteNanos() {
        return firstByteNanos;
    }

    @Override
    public long totalNanos() {
        return totalNanos;
    }

    @Override
    public Outcome outcome() {
        return outcome;
    }

    @Override
    public String toString() {
        return "Exchange[" + id() + " " + method + " " + path + " " + state + "]";
    }
}
