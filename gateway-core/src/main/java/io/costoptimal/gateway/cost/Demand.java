package io.costoptimal.gateway.cost;

/**
 * What a request asks for, as far as its cost depends on it. The length of its input is told apart from this, by a
 * {@link io.costoptimal.gateway.exchange.TokenSource}.
 *
 * @param answers how many answers it asks for ({@code n}); at least 1
 * @param maximum the largest number of output tokens that it allows for one answer; -1 when it names none
 * @param expectedOutput tokens of output that requests like it had so far, all answers together; -1 when nothing is known
 * @param textOnly whether the whole input is text in the body. Images, files, and whatever the provider adds by itself (a
 *     stored conversation, tools on its side) have no bounds
 * @param warm which candidate has the beginning of the input in its cache; {@code null} for none
 */
public record Demand(long answers, long maximum, long expectedOutput, boolean textOnly, Warm warm) {

    /** How long an answer is taken to be as long as nothing is known of others, in tokens. */
    public static final long USUAL_OUTPUT = 400;

    /**
     * A candidate that served the conversation before.
     *
     * @param candidate its place in the list of the configuration, from 0
     * @param share how much of the input it is expected to have in its cache, in thousandths, 0 to 1000
     */
    public record Warm(int candidate, int share) {

        public Warm {
            if (candidate < 0 || share < 0 || share > 1000) {
                throw new IllegalArgumentException(
                        "warm: candidate " + candidate + ", share " + share + " (expected: >= 0, 0 to 1000)");
            }
        }
    }

    public Demand {
        if (answers < 1) {
            throw new IllegalArgumentException("answers: " + answers + " (expected: >= 1)");
        }
    }

    /** A request of plain text for one answer, of which nothing is known but its largest output. */
    public static Demand of(long maximum) {
        return new Demand(1, maximum, -1, true, null);
    }
}
