package io.costoptimal.gateway.server.metrics;

import io.costoptimal.gateway.exchange.UpstreamFailure;

/** Attempts at one provider, the journal's to write and anybody's to read. */
final class AttemptCounts {

    private static final UpstreamFailure.Kind[] KINDS = UpstreamFailure.Kind.values();
    private static final UpstreamFailure.Phase[] PHASES = UpstreamFailure.Phase.values();

    /** No failure of the provider's. */
    private static final int NONE = KINDS.length;

    /** The client left, or the process stopped, before there was an answer. */
    private static final int ABANDONED = KINDS.length + 1;

    private static final int COLUMNS = KINDS.length + 2;

    private final Cells attempts = new Cells(COLUMNS * Words.STATUS_CLASSES);
    private final Cells phases = new Cells(PHASES.length);
    private final Times firstByte = new Times();

    /**
     * Adds an attempt; by the owner alone.
     *
     * @param failure {@code null} when it did not fail
     * @param status of the answer's head; 0 when none came
     * @param firstByteNanos from the start of the attempt to that head; negative when none came
     */
    void add(UpstreamFailure failure, int status, long firstByteNanos) {
        int column = failure == null
                ? status == 0 ? ABANDONED : NONE
                : failure.kind().ordinal();
        attempts.add(Words.statusClass(status) * COLUMNS + column, 1);
        if (failure != null) {
            phases.add(failure.phase().ordinal(), 1);
        }
        if (firstByteNanos >= 0) {
            firstByte.add(firstByteNanos);
        }
    }

    /** What was counted until now. Any thread. */
    Attempts sum() {
        long all = 0;
        long succeeded = 0;
        long abandoned = 0;
        for (int status = 0; status < Words.STATUS_CLASSES; status++) {
            for (int column = 0; column < COLUMNS; column++) {
                all += attempts.get(status * COLUMNS + column);
            }
            succeeded += attempts.get(status * COLUMNS + NONE);
            abandoned += attempts.get(status * COLUMNS + ABANDONED);
        }
        return new Attempts(all, all - succeeded - abandoned, abandoned);
    }

    /** Adds these counts to {@code all}; that of successes even when there were none yet. */
    void addTo(Families all, String provider) {
        all.attempts.add(0, provider, Words.status(2), Words.NONE);
        for (int status = 0; status < Words.STATUS_CLASSES; status++) {
            for (int column = 0; column < COLUMNS; column++) {
                long n = attempts.get(status * COLUMNS + column);
                if (n > 0) {
                    all.attempts.add(n, provider, Words.status(status), word(column));
                }
            }
        }
        for (UpstreamFailure.Phase phase : PHASES) {
            long n = phases.get(phase.ordinal());
            if (n > 0) {
                all.failures.add(n, provider, Words.of(phase));
            }
        }
        all.firstByte.add(firstByte, provider);
    }

    private static String word(int column) {
        if (column == NONE) {
            return Words.NONE;
        }
        return column == ABANDONED ? "abandoned" : Words.of(KINDS[column]);
    }
}
