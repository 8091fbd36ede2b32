package io.costoptimal.gateway.exchange;

import java.util.List;
import java.util.Locale;

/**
 * In which order the candidates of a request are tried, and how sure it is that this order is the cheapest. Immutable.
 *
 * @param certainty what the order rests on
 * @param candidates in the order to try; those that cannot hold the request are left out
 * @param listed all of them in the order of the configuration, for whoever compares with the first of that list or with the
 *     dearest
 * @param cost of the first candidate; {@code null} when nobody asked, or it has no price
 * @param conversation a number that the next turn of the same conversation will have as well; 0 when nobody asked, or it is
 *     none
 */
public record Choice(
        Certainty certainty, List<Candidate> candidates, List<Candidate> listed, Cost cost, long conversation) {

    /** By which rule the candidates of a list are put in order. */
    public enum Strategy {
        /** As they are listed. */
        ORDERED,
        /** The cheapest first. */
        CHEAPEST,
        /** By lot, a candidate with twice the weight comes first twice as often. */
        WEIGHTED;

        /** As the configuration calls it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What the order rests on. */
    public enum Certainty {
        /** It is the configuration's. */
        ORDERED(Strategy.ORDERED),
        /** Lots were drawn. */
        WEIGHTED(Strategy.WEIGHTED),
        /** The first costs at most what each other one costs, whatever comes; the bounds of the token count were enough. */
        PROVEN(Strategy.CHEAPEST),
        /** The same, after tokens were counted. */
        COUNTED(Strategy.CHEAPEST),
        /** The first has the lowest expected cost, but another one may turn out cheaper. */
        EXPECTED(Strategy.CHEAPEST),
        /** The tokens that will be billed cannot be bounded, because some of them are not text in the body. */
        ESTIMATED(Strategy.CHEAPEST);

        private final Strategy strategy;

        Certainty(Strategy strategy) {
            this.strategy = strategy;
        }

        /** Whose certainty this is. */
        public Strategy strategy() {
            return strategy;
        }

        /** As logs and the ledger call it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What the first candidate may cost, in nano-dollars.
     *
     * @param low at least
     * @param high at most; {@link Long#MAX_VALUE} when nothing bounds the answer
     * @param expected what it is expected to cost
     * @param regret by how much it may at most turn out dearer than the best of the others; 0 when it is proven to be the
     *     cheapest, {@link Long#MAX_VALUE} when nothing bounds it
     */
    public record Cost(long low, long high, long expected, long regret) {}

    /** A choice that does not depend on what was said before. */
    public Choice(Certainty certainty, List<Candidate> candidates, List<Candidate> listed, Cost cost) {
        this(certainty, candidates, listed, cost, 0);
    }

    public Choice {
        candidates = List.copyOf(candidates);
        listed = List.copyOf(listed);
    }

    /** The candidates as they are listed. */
    public static Choice ordered(List<Candidate> candidates) {
        List<Candidate> listed = List.copyOf(candidates);
        return new Choice(Certainty.ORDERED, listed, listed, null);
    }

    /** By which rule the candidates were put in order. */
    public Strategy strategy() {
        return certainty.strategy();
    }

    /**
     * The same choice without some of its candidates.
     *
     * @param others what is left, in the order to try
     */
    public Choice with(List<Candidate> others) {
        if (cost == null || !others.isEmpty() && candidates.get(0).equals(others.get(0))) {
            return new Choice(certainty, others, listed, cost, conversation);
        }
        Certainty left = certainty == Certainty.ESTIMATED ? certainty : Certainty.EXPECTED;
        return new Choice(left, others, listed, null, conversation);
    }
}
