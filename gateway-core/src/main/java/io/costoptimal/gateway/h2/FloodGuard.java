package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.h2.FloodCounts.Flood;
import io.netty.util.concurrent.Ticker;
import java.util.concurrent.TimeUnit;

/**
 * How much a client's connection may do that costs the gateway work and the client nothing. Confined to the connection's
 * event loop.
 *
 * <p>Two allowances, each given back by time and by useful work. <i>Control</i> is for frames that no request consists of.
 * <i>Resets</i> is for streams that ended before their answer: those that the client reset (CVE-2023-44487), and those that
 * it made the gateway reset (CVE-2025-8671). A client that cancels what it asked for, as agents do, stays far below.
 */
final class FloodGuard {

    /** Frames at once, and each second. */
    static final int CONTROL = 1000;

    private static final int CONTROL_PER_SECOND = 100;

    /** Streams at once: twice what may be open. */
    static final int RESETS = 200;

    private static final int RESETS_PER_SECOND = 10;

    private final Ticker ticker;
    private final Allowance control;
    private final Allowance resets;

    FloodGuard(Ticker ticker) {
        this.ticker = ticker;
        this.control = new Allowance(CONTROL, CONTROL_PER_SECOND);
        this.resets = new Allowance(RESETS, RESETS_PER_SECOND);
    }

    /** A frame came that no request consists of. */
    void control(int cost) {
        control.take(cost);
    }

    /** A frame of a request came, or one of an answer was sent, which a client may acknowledge. */
    void useful(int credit) {
        control.give(credit);
    }

    /** A stream ended before its answer did. */
    void reset() {
        resets.take(1);
    }

    /** A stream got its whole answer. */
    void answered() {
        resets.give(1);
    }

    /** Whether the client has used up what it may do. */
    boolean exceeded() {
        return control.left < 0 || resets.left < 0;
    }

    /** What the client has done too much of, if it is told to calm down: pieces of a head, unless one of the allowances is used up. */
    Flood flood() {
        if (resets.left < 0) {
            return Flood.RESETS;
        }
        return control.left < 0 ? Flood.FRAMES : Flood.HEADS;
    }

    private final class Allowance {

        private final int most;
        private final int perSecond;
        private int left;
        private long sinceNanos = ticker.nanoTime();

        Allowance(int most, int perSecond) {
            this.most = most;
            this.perSecond = perSecond;
            this.left = most;
        }

        void take(int n) {
            left -= n;
            if (left < 0) {
                refill();
            }
        }

        void give(int n) {
            left = Math.min(most, left + n);
        }

        /** Time is asked for only when nothing is left. */
        private void refill() {
            long now = ticker.nanoTime();
            long earned = (now - sinceNanos) / (TimeUnit.SECONDS.toNanos(1) / perSecond);
            sinceNanos = now;
            left = (int) Math.min(most, left + earned);
        }
    }
}
