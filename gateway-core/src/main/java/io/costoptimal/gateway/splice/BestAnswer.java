package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.ByteBudget;

/**
 * The best of the error answers that the providers of one exchange gave, for the case that nobody answers better. Confined
 * to one event loop. Owns the answer it keeps until {@link #take} or {@link #release}.
 */
final class BestAnswer {

    private final ByteBudget budget;
    /** {@code null} while there is none. */
    private ErrorAnswer best;

    /** Bytes taken from the budget. */
    private int counted;

    BestAnswer(ByteBudget budget) {
        this.budget = budget;
    }

    /**
     * Takes {@code answer}, and keeps it if it is better than what is kept and there is room for it beside that. The
     * earlier one wins a tie.
     *
     * @param last whether the exchange ends now, so that it is not kept for any length of time
     */
    void offer(ErrorAnswer answer, boolean last) {
        if (!beats(answer.status()) || !last && !budget.take(answer.size())) {
            answer.release();
            return;
        }
        release();
        counted = last ? 0 : answer.size();
        best = answer;
    }

    /** Whether an answer with {@code status} is better than what is kept. */
    boolean beats(int status) {
        return best == null || rank(status) < rank(best.status());
    }

    boolean isEmpty() {
        return best == null;
    }

    /** Returns the best, the caller's from now on. */
    ErrorAnswer take() {
        ErrorAnswer taken = best;
        best = null;
        budget.giveBack(counted);
        counted = 0;
        return taken;
    }

    void release() {
        if (best != null) {
            take().release();
        }
    }

    /** What tells the client most about its request comes first; then when to come back; then that somebody failed. */
    private static int rank(int status) {
        return switch (status) {
            case 400, 404, 409, 413, 422 -> 0;
            case 429 -> 1;
            default -> status < 500 ? 2 : 3;
        };
    }
}
