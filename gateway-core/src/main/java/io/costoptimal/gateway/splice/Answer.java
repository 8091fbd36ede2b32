package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.account.Accounting;
import io.costoptimal.gateway.account.UnpackedPayload;
import io.costoptimal.gateway.account.UsageSink;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Operation.Objects.Role;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.http.BodyFraming;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.PayloadSinks;
import io.costoptimal.gateway.http.ResponseHead;
import io.costoptimal.gateway.objects.MadeIds;
import io.costoptimal.gateway.stage.ClientSide;
import io.netty.buffer.ByteBuf;

/**
 * One provider's answer on its way to the client: how far it has come, and everything that looks at its payload as it
 * passes. Confined to the event loop of the exchange.
 *
 * <p>What the client gets of it is for an {@link AnswerWriter} to say. Writing may change the client's writability, and so
 * call back into {@link Relay}, before a method here returns (trap 24).
 */
final class Answer {

    private final ClientSide client;
    private final AnswerBody body;
    private final AnswerWriter writer;
    private final boolean keepAlive;
    private final boolean eventStream;

    /** {@code null} for a body nobody can look into. */
    private final UsageSink usage;
    /** All that look at the payload; {@code null} when nobody does. */
    private final PayloadSink sinks;

    /** How many of the bytes that were scanned last belong to the body. */
    private int scanned;

    private boolean surplus;

    /**
     * @param head complete; borrowed for the length of this call; loses what it says of web pages where that is ours to say
     * @param framing of the body, as {@code head} says
     * @param accounting whether its text is kept until somebody says what becomes of that
     */
    Answer(ClientSide client, Exchange exchange, ResponseHead head, BodyFraming framing, Accounting accounting) {
        this.client = client;
        body = new AnswerBody(framing);
        keepAlive = head.keepAlive();
        eventStream = head.eventStream();
        boolean extra = exchange.askedForUsage() && eventStream && head.status() < 300;
        writer = extra && head.coding() == ContentCoding.IDENTITY
                ? new WithoutExtraUsage(client, body)
                : new Verbatim(client, body);
        exchange.upstreamRequestId(head.requestId());
        if (exchange.policy().crossOrigin() != null) {
            head.dropCrossOrigin();
        }
        // The list of sinks. It comes last, since some hold memory until they are told that it is over.
        usage = countsUsage(exchange)
                ? UsageSink.of(exchange.operation(), head.coding(), eventStream, framing.announced(), accounting)
                : null;
        sinks = PayloadSinks.of(PayloadSinks.of(writer.sink(), usage), made(exchange, head));
    }

    /** Reading what is stored is not charged again: its usage counts where nobody was told it before. */
    private static boolean countsUsage(Exchange exchange) {
        return exchange.target().operation().objects().role() != Role.READS || exchange.origin() != null;
    }

    /** What learns which objects were made; {@code null} for nearly all answers. */
    private static PayloadSink made(Exchange exchange, ResponseHead head) {
        MadeIds ids = MadeIds.of(exchange, head.status(), head.eventStream());
        if (ids == null || head.coding() == ContentCoding.IDENTITY) {
            return ids;
        }
        return UnpackedPayload.reads(head.coding()) ? new UnpackedPayload(head.coding(), ids) : null;
    }

    /**
     * Reads {@code bytes} of the body, borrowed, and writes nothing: a fault in what came together with the head is found
     * before the client has anything.
     */
    void scan(ByteBuf bytes) {
        try {
            scanned = body.scan(bytes, sinks);
        } catch (Throwable e) {
            drop();
            throw e;
        }
        surplus |= scanned < bytes.readableBytes();
    }

    /** Lets go of what was scanned and will not be written. */
    void drop() {
        writer.drop();
    }

    /**
     * Writes the head, and what of the body came with it.
     *
     * @param head the one given before
     * @param first takes; scanned before, goes on behind the head, perhaps with nothing
     */
    void begin(ResponseHead head, ByteBuf first) {
        writer.begin(head, first, scanned);
    }

    /** Takes {@code bytes} and writes what of them belongs to the body. */
    void read(ByteBuf bytes) {
        try {
            scan(bytes);
        } catch (Throwable e) {
            bytes.release();
            throw e;
        }
        writer.body(bytes, scanned);
    }

    boolean done() {
        return body.done();
    }

    /** What is wrong with the body's framing; {@code null} while nothing is. */
    String failure() {
        return body.failure();
    }

    /** Whether the end of the provider's connection is the end of the body, and no accident. */
    boolean endsWithConnection() {
        return body.endsWithConnection();
    }

    /** Whether the provider's connection may serve another request: it said so, and sent nothing behind the end (trap 8). */
    boolean reusable() {
        return keepAlive && body.done() && !surplus;
    }

    /** Reads no more of the answer, and returns what the provider told of tokens; {@code null} when nothing. */
    Usage readNoMore() {
        if (sinks != null) {
            sinks.over();
        }
        return usage == null ? null : usage.usage();
    }

    /** What the provider has told of tokens so far; {@code null} when nothing. */
    Usage usageSoFar() {
        return usage == null ? null : usage.usage();
    }

    /** The provider's last usage object as it was written; {@code null} when there was none, or nobody keeps it. */
    byte[] rawUsage() {
        return usage == null ? null : usage.raw();
    }

    /**
     * Whether no more usage could have come.
     *
     * @param whole whether the body came to its end
     */
    boolean complete(boolean whole) {
        return usage == null ? whole : usage.complete(whole);
    }

    /** Returns the text that passed, the caller's to release; {@code null} when none was kept. */
    SeenText takeText() {
        return usage == null ? SeenText.UNREADABLE : usage.text();
    }

    /** Nobody wants the text that passed. */
    void dropText() {
        if (usage != null) {
            usage.drop();
        }
    }

    /** Whether the body is {@code text/event-stream}. */
    boolean eventStream() {
        return eventStream;
    }

    /**
     * Writes whole lines of an event stream between two of the provider's events; or nothing, where that would break one. A
     * stream that has said all it had to say needs no more; only its framing is unfinished.
     */
    void insert(byte[] lines) {
        if (eventStream && usage != null && usage.betweenEvents() && body.mayBeFollowed()) {
            client.insert(lines);
        }
    }

    void flush() {
        client.flush();
    }
}
