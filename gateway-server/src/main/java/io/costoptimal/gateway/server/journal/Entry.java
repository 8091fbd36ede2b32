package io.costoptimal.gateway.server.journal;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.ClientConnection.Protocol;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.Usage;
import java.util.ArrayList;
import java.util.List;

/**
 * One exchange as the journal tells it; what each fact means is said by the method of {@link ExchangeReport} of the same
 * name. Confined to the journal's thread, and moved from one exchange to the next: copy what is to be kept.
 *
 * <p>What a client or a provider sent is a {@link Text}, cut at {@link Text#MAX_CHARS}; what was configured is a
 * {@link Name}. Either is {@code null} where it is not known. Texts are all {@code null} when no reader wants them.
 */
public final class Entry {

    private static final Outcome[] OUTCOMES = Outcome.values();
    private static final ApiFamily[] FAMILIES = ApiFamily.values();
    private static final UpstreamFailure.Phase[] PHASES = UpstreamFailure.Phase.values();
    private static final UpstreamFailure.Kind[] KINDS = UpstreamFailure.Kind.values();
    private static final Choice.Certainty[] CERTAINTIES = Choice.Certainty.values();

    /** What a client sent, or was sent, as text; in the order in which it is written. */
    private enum Sent {
        ID,
        UPSTREAM_REQUEST_ID,
        ADDRESS,
        USER_AGENT,
        REQUEST_ID,
        TRACEPARENT,
        METHOD,
        PATH,
        ORIGIN,
        MODEL_ASKED,
        MODEL_SENT
    }

    private final Text[] views = new Text[Sent.values().length];
    private final Text[] texts = new Text[views.length];
    private final Text tlsView = new Text();
    private final Text serverNameView = new Text();
    private final Text cause = new Text();
    private final Text model = new Text();
    private final List<FailedAttempt> failures = new ArrayList<>();

    private Protocol protocol;
    private Text tls;
    private Text serverName;
    private Outcome outcome;
    private ApiFamily family;
    private int status;
    private int attempts;
    private long startedMillis;
    private long requestBytes;
    private long responseBytes;
    private long attemptFirstByteNanos;
    private long firstByteNanos;
    private long totalNanos;
    private Name operation;
    private Name key;
    private Name modelEntry;
    private Name rule;
    private Name provider;
    private Usage usage;
    private Decision.Tokens tokens;
    private boolean stream;
    private Choice.Certainty certainty;
    private Choice.Cost cost;
    private Spent spent;

    Entry() {
        for (int i = 0; i < views.length; i++) {
            views[i] = new Text();
        }
    }

    /** Moves this to what {@code in} has next, after the four bytes that belong to the lane. */
    void read(EntryInput in) {
        int flags = in.getByte();
        if ((flags & EntryWriter.STARTS_OVER) != 0) {
            in.forgetNames();
        }
        outcome = OUTCOMES[in.getByte()];
        family = FAMILIES[in.getByte()];
        status = in.getShort();
        attempts = in.getInt();
        startedMillis = in.getLong();
        requestBytes = in.getLong();
        responseBytes = in.getLong();
        attemptFirstByteNanos = in.getLong();
        firstByteNanos = in.getLong();
        totalNanos = in.getLong();
        operation = in.getName();
        key = in.getName();
        modelEntry = in.getName();
        rule = in.getName();
        provider = in.getName();
        usage = (flags & EntryWriter.USAGE) == 0 ? null : usage(in);
        tokens = (flags & EntryWriter.TOKENS) == 0 ? null : tokens(in, flags);
        texts(in, flags);
        choice(in, flags);
        failures(in, flags);
    }

    private void choice(EntryInput in, int flags) {
        boolean money = (flags & EntryWriter.MONEY) != 0;
        int known = money ? in.getByte() : 0;
        stream = (known & EntryWriter.STREAM) != 0;
        certainty = money ? CERTAINTIES[in.getByte()] : null;
        cost = (known & EntryWriter.COST) == 0
                ? null
                : new Choice.Cost(in.getLong(), in.getLong(), in.getLong(), in.getLong());
        spent = (known & EntryWriter.LAST) == 0 ? null : spent(in, flags);
    }

    private Spent spent(EntryInput in, int flags) {
        return Spent.read(in, (flags & EntryWriter.TEXTS) != 0, model);
    }

    private static Usage usage(EntryInput in) {
        return new Usage(
                new Usage.Input(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong()),
                new Usage.Output(in.getLong(), in.getLong(), in.getLong()));
    }

    private static Decision.Tokens tokens(EntryInput in, int flags) {
        return new Decision.Tokens(
                in.getLong(), in.getLong(), (flags & EntryWriter.COUNTED) != 0, (flags & EntryWriter.TIMED_OUT) != 0);
    }

    private void texts(EntryInput in, int flags) {
        if ((flags & EntryWriter.TEXTS) == 0) {
            return;
        }
        connection(in);
        boolean sameModel = (flags & EntryWriter.SAME_MODEL) != 0;
        int modelSent = Sent.MODEL_SENT.ordinal();
        for (int i = 0; i < modelSent; i++) {
            texts[i] = views[i].read(in);
        }
        texts[modelSent] = sameModel ? modelAsked() : views[modelSent].read(in);
    }

    private void connection(EntryInput in) {
        int known = in.getByte();
        protocol = (known & EntryWriter.HTTP_2) != 0 ? Protocol.HTTP_2 : Protocol.HTTP_1;
        boolean secured = (known & EntryWriter.OVER_TLS) != 0;
        tls = secured ? tlsView.read(in) : null;
        serverName = secured ? serverNameView.read(in) : null;
    }

    private void failures(EntryInput in, int flags) {
        failures.clear();
        int count = in.getShort();
        for (int i = 0; i < count; i++) {
            Name asked = in.getName();
            UpstreamFailure.Phase phase = PHASES[in.getByte()];
            UpstreamFailure.Kind kind = KINDS[in.getByte()];
            int answered = in.getShort();
            FailedAttempt.Timing timing = new FailedAttempt.Timing(in.getLong(), in.getLong());
            Text why = cause.read(in);
            UpstreamFailure failure = new UpstreamFailure(phase, kind, why == null ? null : why.toString());
            Usage used = in.getByte() == 0 ? null : usage(in);
            Spent cost = (flags & EntryWriter.MONEY) == 0 ? null : spent(in, flags);
            failures.add(new FailedAttempt(asked, failure, new FailedAttempt.Answer(answered, used), timing, cost));
        }
    }

    private Text text(Sent which) {
        return texts[which.ordinal()];
    }

    public Text id() {
        return text(Sent.ID);
    }

    public Text upstreamRequestId() {
        return text(Sent.UPSTREAM_REQUEST_ID);
    }

    public Text clientAddress() {
        return text(Sent.ADDRESS);
    }

    /** Of the client's connection; {@code null} where no reader wants texts. */
    public Protocol protocol() {
        return protocol;
    }

    /** The version of TLS of the client's connection; {@code null} without TLS. */
    public Text tls() {
        return tls;
    }

    /** The name that the client's connection asked for. */
    public Text serverName() {
        return serverName;
    }

    public Text userAgent() {
        return text(Sent.USER_AGENT);
    }

    /** The client's own {@code x-request-id}. */
    public Text clientRequestId() {
        return text(Sent.REQUEST_ID);
    }

    public Text traceparent() {
        return text(Sent.TRACEPARENT);
    }

    public Text method() {
        return text(Sent.METHOD);
    }

    public Text path() {
        return text(Sent.PATH);
    }

    /** Of {@link ExchangeReport#origin}, its text. */
    public Text origin() {
        return text(Sent.ORIGIN);
    }

    public Text modelAsked() {
        return text(Sent.MODEL_ASKED);
    }

    public Text modelSent() {
        return text(Sent.MODEL_SENT);
    }

    /** When the head had arrived, in milliseconds since 1970. */
    public long startedMillis() {
        return startedMillis;
    }

    /** Path of the operation as the public APIs spell it; {@code null} for what the gateway does not serve. */
    public Name operation() {
        return operation;
    }

    /** The API that the client speaks. */
    public ApiFamily family() {
        return family;
    }

    /** Name of the client's key. */
    public Name key() {
        return key;
    }

    /** See {@link Decision#entry}. */
    public Name modelEntry() {
        return modelEntry;
    }

    /** See {@link Decision#matched}. */
    public Name rule() {
        return rule;
    }

    /** The provider tried last. */
    public Name provider() {
        return provider;
    }

    public int attempts() {
        return attempts;
    }

    /** In their order; all but those beyond some eight when all that is told of them is of the longest. Valid as long as this is. */
    public List<FailedAttempt> failures() {
        return failures;
    }

    public int status() {
        return status;
    }

    public long requestBytes() {
        return requestBytes;
    }

    public long responseBytes() {
        return responseBytes;
    }

    /** {@code null} when the route was chosen without. */
    public Decision.Tokens tokens() {
        return tokens;
    }

    public Usage usage() {
        return usage;
    }

    /** Whether the client asked for a stream; {@code false} where no reader wants money. */
    public boolean stream() {
        return stream;
    }

    /** What the order of the candidates rests on; {@code null} before an attempt, and where no reader wants money. */
    public Choice.Certainty certainty() {
        return certainty;
    }

    /** See {@link Choice#cost}; {@code null} too where no reader wants money. */
    public Choice.Cost cost() {
        return cost;
    }

    /**
     * What the attempt has cost that is not among the {@link #failures}: the last one, if it has not failed. {@code null}
     * too where no reader wants money.
     */
    public Spent spent() {
        return spent;
    }

    public long attemptFirstByteNanos() {
        return attemptFirstByteNanos;
    }

    public long firstByteNanos() {
        return firstByteNanos;
    }

    public long totalNanos() {
        return totalNanos;
    }

    public Outcome outcome() {
        return outcome;
    }
}
