package io.costoptimal.gateway.account;

import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.SeenText;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.exchange.UsageDialect;
import io.costoptimal.gateway.http.ContentCoding;
import io.costoptimal.gateway.http.PayloadSink;
import io.netty.buffer.ByteBuf;

/**
 * Reads token usage out of an answer that passes by, packed or not. Confined to the event loop of its exchange; one per
 * answer, closed by {@link #over}.
 */
public final class UsageSink implements PayloadSink {

    private final UsageTap tap;
    /** The first to see the payload: what unpacks it for the tap, or the tap itself. */
    private final PayloadSink first;
    /** {@code null} for an answer that is not packed. */
    private final UnpackedPayload unpacked;

    private UsageSink(UsageTap tap, UnpackedPayload unpacked) {
        this.tap = tap;
        this.unpacked = unpacked;
        first = unpacked == null ? tap : unpacked;
    }

    /**
     * Returns a sink for one answer; {@code null} when nothing is charged by tokens, or when its body is packed in a way that
     * nobody here can read.
     *
     * @param asked the operation that the answer is for
     * @param eventStream whether it is {@code text/event-stream}
     * @param announced bytes of the body, -1 when the head does not say
     */
    public static UsageSink of(Operation asked, ContentCoding coding, boolean eventStream, long announced) {
        return of(asked, coding, eventStream, announced, Accounting.OFF);
    }

    /** The same; if {@code accounting} is on, one that keeps the text too, until {@link #text} or {@link #drop}. */
    public static UsageSink of(
            Operation asked, ContentCoding coding, boolean eventStream, long announced, Accounting accounting) {
        if ((eventStream ? asked.answers().events() : asked.answers().document()) == UsageDialect.NOTHING) {
            return null;
        }
        if (coding == ContentCoding.IDENTITY) {
            UsageTap tap = UsageTap.of(asked, eventStream, announced, accounting);
            return new UsageSink(tap, null);
        }
        if (!UnpackedPayload.reads(coding)) {
            return null;
        }
        UsageTap tap = UsageTap.of(asked, eventStream, -1, accounting);
        return new UsageSink(tap, new UnpackedPayload(coding, tap));
    }

    @Override
    public void payload(ByteBuf buf, int index, int length) {
        first.payload(buf, index, length);
    }

    @Override
    public void over() {
        first.over();
    }

    /** What the provider said so far; {@code null} when it said nothing. */
    public Usage usage() {
        return tap.usage();
    }

    /** See {@link UsageTap#complete}. */
    public boolean complete(boolean whole) {
        return tap.complete(whole);
    }

    /** See {@link UsageTap#raw}. */
    public byte[] raw() {
        return tap.raw();
    }

    /** Returns the text that passed, the caller's to release; {@code null} when none was kept. */
    public SeenText text() {
        SeenText seen = tap.seen();
        return seen != null && unpacked != null && unpacked.gaveUp() ? seen.andOther() : seen;
    }

    /** Lets go of the text that was kept. */
    public void drop() {
        tap.release();
    }

    /** Whether an event of ours may follow what has passed: it is not packed, stands between two events, and goes on. */
    public boolean betweenEvents() {
        return first == tap && tap.atEventBoundary() && !tap.ended();
    }
}
