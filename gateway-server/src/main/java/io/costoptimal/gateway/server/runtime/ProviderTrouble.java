package io.costoptimal.gateway.server.runtime;

import io.costoptimal.gateway.exchange.Attempt;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.UpstreamFailure;
import io.costoptimal.gateway.exchange.UpstreamFailure.Kind;
import io.costoptimal.gateway.exchange.UpstreamFailure.Phase;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one provider fails by at present. Any thread; takes no lock.
 *
 * <p>For each cause there is a line at once and then at most one a minute, with the number of failures since the last. So a
 * provider that fails now and then is told of once a minute, and as often that it is well again.
 */
final class ProviderTrouble {

    private static final long INTERVAL_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** What a provider can be blamed for. */
    enum Cause {
        CONNECT_ERROR,
        NO_ANSWER,
        TIMEOUT,
        CUT_OFF,
        CREDENTIAL_REFUSED,
        /** There was nothing to show it. */
        NO_CREDENTIAL,
        /** It says that it is asked too often. */
        STATUS_429,
        STATUS_5XX;

        /** {@code null} for what is our own doing or the client's, and for a kept connection that had only grown old. */
        static Cause of(Attempt attempt) {
            UpstreamFailure failure = attempt.failure();
            if (failure == null
                    || failure.phase() == Phase.LEASE && failure.kind() != Kind.NO_CREDENTIAL
                    || failure.kind() == Kind.STALE_CONNECTION) {
                return null;
            }
            return switch (failure.kind()) {
                case CONNECT_ERROR -> CONNECT_ERROR;
                case NO_ANSWER -> NO_ANSWER;
                case TIMEOUT -> TIMEOUT;
                case CUT_OFF -> CUT_OFF;
                case CREDENTIAL_REFUSED -> CREDENTIAL_REFUSED;
                case NO_CREDENTIAL -> NO_CREDENTIAL;
                case STATUS -> attempt.status() == 429 ? STATUS_429 : attempt.status() >= 500 ? STATUS_5XX : null;
                default -> null;
            };
        }
    }

    /** One cause: how often it was met since the last line, and when the next may be written. */
    private static final class Row {
        private final AtomicLong sinceLine = new AtomicLong();
        private final AtomicLong nextLineNanos;

        Row(long now) {
            nextLineNanos = new AtomicLong(now);
        }
    }

    private final Row[] rows = new Row[Cause.values().length];
    private final AtomicLong failing = new AtomicLong();
    /** A line about a failure was written, and none since that says it is over. */
    private final AtomicBoolean told = new AtomicBoolean();

    ProviderTrouble(long now) {
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new Row(now);
        }
    }

    /**
     * Notes a failure at {@code now}.
     *
     * @return the line to log; {@code null} when it is not due
     */
    String failed(Cause cause, Attempt attempt, long now) {
        failing.incrementAndGet();
        Row row = rows[cause.ordinal()];
        row.sinceLine.incrementAndGet();
        long due = row.nextLineNanos.get();
        if (now - due < 0 || !row.nextLineNanos.compareAndSet(due, now + INTERVAL_NANOS)) {
            return null;
        }
        told.set(true);
        Candidate candidate = attempt.candidate();
        return "provider=" + candidate.provider().id() + " cause="
                + cause.name().toLowerCase(Locale.ROOT) + " times=" + row.sinceLine.getAndSet(0) + " detail=\""
                + attempt.failure().cause() + "\"";
    }

    /**
     * Notes a success.
     *
     * @return how many failures there were since the line that said it was well; 0 when no line is due, because none has
     *     told of a failure since
     */
    long succeeded() {
        return told.get() && told.compareAndSet(true, false) ? failing.getAndSet(0) : 0;
    }

    /** Whether a failure was told of, and no success since. */
    boolean told() {
        return told.get();
    }
}
