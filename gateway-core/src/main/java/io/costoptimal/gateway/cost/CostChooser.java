package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.Choice.Certainty;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Puts the candidates of one list in order of what a request costs there. Immutable, any thread; allocates nothing.
 *
 * <p>The first is the candidate with the lowest expected cost whose context window holds the request, just as if all tokens
 * were counted. If the bounds of the token source leave that open, tokens are counted, but only
 * until it is decided. The others follow in the order of their expected cost, those without a price last in the order of
 * the list; those known to have no room are left out.
 *
 * <p>How far the first can be trusted is told by {@link Ranking#certainty}.
 */
public final class CostChooser {

    private final Terms[] priced;
    private final int[] unpriced;
    /** The encoding whose counts hold for all; {@code null} when there is none, or one of them has no price. */
    private final String tokenizer;

    /** @param prices of the candidates in the order of the list; {@code null}, or no {@link ModelPrice}: no price */
    public CostChooser(List<? extends Price> prices) {
        List<Terms> terms = new ArrayList<>();
        List<Integer> without = new ArrayList<>();
        for (int place = 0; place < prices.size(); place++) {
            if (prices.get(place) instanceof ModelPrice price) {
                terms.add(new Terms(price, place, model(prices, place), largestOutput(prices, price)));
            } else {
                without.add(place);
            }
        }
        priced = terms.toArray(Terms[]::new);
        unpriced = without.stream().mapToInt(Integer::intValue).toArray();
        tokenizer = tokenizer(prices);
    }

    /** The place of the first candidate that is the same catalogue model. */
    private static int model(List<? extends Price> prices, int place) {
        String name = prices.get(place).model();
        for (int i = 0; name != null && i < place; i++) {
            if (prices.get(i) instanceof ModelPrice price && name.equals(price.model())) {
                return i;
            }
        }
        return place;
    }

    /** Over all candidates that are the same catalogue model. */
    private static long largestOutput(List<? extends Price> prices, ModelPrice of) {
        long largest = of.maxOutput();
        for (Price other : prices) {
            if (other instanceof ModelPrice && of.model() != null && of.model().equals(other.model())) {
                largest = largest < 0 || other.maxOutput() < 0 ? -1 : Math.max(largest, other.maxOutput());
            }
        }
        return largest;
    }

    /** Whether reading the input from a cache costs less than not doing so at any candidate. */
    public boolean isCacheWorthIt() {
        for (Terms candidate : priced) {
            if (candidate.isCacheCheaper()) {
                return true;
            }
        }
        return false;
    }

    private static String tokenizer(List<? extends Price> prices) {
        String common = null;
        for (int i = 0; i < prices.size(); i++) {
            String own = prices.get(i) instanceof ModelPrice price ? price.tokenizer() : null;
            if (own == null || i > 0 && !own.equals(common)) {
                return null;
            }
            common = own;
        }
        return common;
    }

    /**
     * Chooses.
     *
     * @param tokens counts only if the choice depends on it, and then as far as it takes
     * @param ranking filled if this returns true
     * @return false when the choice can only be made by counting and {@code tokens} has bounds only; then ask again with a
     *     source that counts
     */
    public boolean choose(Demand demand, TokenSource tokens, Ranking ranking) {
        long open = lastOpen(demand, Money.bounded(tokens.low()), Money.bounded(tokens.high()));
        if (open >= 0 && !tokens.countPast(open)) {
            return false;
        }
        rank(demand, tokens, Money.bounded(tokens.high()), ranking);
        return true;
    }

    /**
     * Chooses by what is known, without counting: the lowest expected cost for a likely length of the input, which never
     * counts as proven.
     */
    public void guess(Demand demand, TokenSource tokens, Ranking ranking) {
        rank(demand, tokens, likely(tokens), ranking);
        ranking.certainty = ranking.certainty == Certainty.ESTIMATED ? Certainty.ESTIMATED : Certainty.EXPECTED;
    }

    /** A token is four bytes of text in most languages, and the upper bound is bytes. */
    private static long likely(TokenSource tokens) {
        long low = Money.bounded(tokens.low());
        long high = Money.bounded(tokens.high());
        return low + (high - low) / 4;
    }

    /**
     * The longest input from {@code low} to {@code high} for which somebody is expected to cost less than the one who is to
     * be chosen for {@code high}; -1 when there is none, so that the choice is made.
     */
    private long lastOpen(Demand demand, long low, long high) {
        Terms first = first(demand, high);
        long open = -1;
        for (Terms other : priced) {
            if (other != first) {
                long last = first == null
                        ? other.longestInput(demand)
                        : lastCheaper(other, first, demand, low, Math.min(high, other.longestInput(demand)));
                open = last >= low ? Math.max(open, last) : open;
            }
        }
        return open;
    }

    /** The longest input from {@code low} to {@code high} for which {@code a} is expected to cost less; -1 without one. */
    private static long lastCheaper(Terms a, Terms b, Demand demand, long low, long high) {
        long end = high;
        while (end >= low) {
            long start = Math.max(low, Math.max(a.tierStart(end), b.tierStart(end)));
            if (Contest.compareExpected(a, b, demand, end) < 0) {
                return end;
            }
            if (Contest.compareExpected(a, b, demand, start) < 0) {
                return crossing(a, b, demand, start, end);
            }
            end = start - 1;
        }
        return -1;
    }

    /** The last input for which {@code a} is expected to cost less, as it is for {@code before} and not for {@code after}. */
    private static long crossing(Terms a, Terms b, Demand demand, long before, long after) {
        long yes = before;
        long no = after;
        while (no - yes > 1) {
            long middle = (yes + no) >>> 1;
            if (Contest.compareExpected(a, b, demand, middle) < 0) {
                yes = middle;
            } else {
                no = middle;
            }
        }
        return yes;
    }

    /** Who is to be chosen for so many tokens of input; {@code null} when nobody with a price has room. */
    private Terms first(Demand demand, long input) {
        Terms first = null;
        for (Terms candidate : priced) {
            if (candidate.longestInput(demand) >= input
                    && (first == null || Contest.compare(candidate, first, demand, input) < 0)) {
                first = candidate;
            }
        }
        return first;
    }

    /** @param decided the input for which the first is to be the cheapest */
    private void rank(Demand demand, TokenSource tokens, long decided, Ranking ranking) {
        ranking.clear(priced.length + unpriced.length);
        Terms first = first(demand, decided);
        long low = Money.bounded(tokens.low());
        if (first != null) {
            ranking.add(first.place());
            tell(first, demand, tokens, ranking);
        }
        addOthers(first, demand, low, likely(tokens), ranking);
        for (int place : unpriced) {
            ranking.add(place);
        }
        if (ranking.size == 0) {
            addAllByWindow(ranking);
        }
    }

    /** Adds those with a price that may have room, by their expected cost. */
    private void addOthers(Terms first, Demand demand, long low, long input, Ranking ranking) {
        int from = ranking.size;
        for (Terms candidate : priced) {
            if (candidate != first && candidate.longestInput(demand) >= low && first != null) {
                ranking.add(candidate.place());
            }
        }
        for (int i = from + 1; i < ranking.size; i++) {
            int place = ranking.order[i];
            int at = i;
            while (at > from && Contest.compare(at(place), at(ranking.order[at - 1]), demand, input) < 0) {
                ranking.order[at] = ranking.order[at - 1];
                at--;
            }
            ranking.order[at] = place;
        }
    }

    /**
     * What one candidate may cost.
     *
     * @param candidate its place in the list
     * @return {@code null} when it has no price
     */
    public CostInterval interval(int candidate, Demand demand, TokenSource tokens) {
        Terms terms = at(candidate);
        if (terms == null) {
            return null;
        }
        long low = Money.bounded(tokens.low());
        long high = Money.bounded(tokens.high());
        return new CostInterval(
                terms.lowest(low, high), terms.highest(demand, low, high), terms.expected(demand, likely(tokens)));
    }

    /**
     * What one candidate is expected to cost for exactly so many tokens of input, in nano-dollars; -1 when it has no price.
     * Between two lengths of the same tier ({@link ModelPrice#tierOf}) it lies between what it is for these two.
     *
     * @param candidate its place in the list
     */
    public long expected(int candidate, Demand demand, long input) {
        Terms terms = at(candidate);
        return terms == null ? -1 : terms.expected(demand, Money.bounded(input));
    }

    /** {@code null} for a candidate without a price. */
    private Terms at(int place) {
        int i = Math.min(place, priced.length - 1);
        while (i >= 0 && priced[i].place() != place) {
            i--;
        }
        return i < 0 ? null : priced[i];
    }

    /** Nobody has room: the largest window first. */
    private void addAllByWindow(Ranking ranking) {
        ranking.fits = false;
        for (Terms candidate : priced) {
            int at = ranking.size++;
            while (at > 0 && at(ranking.order[at - 1]).window() < candidate.window()) {
                ranking.order[at] = ranking.order[at - 1];
                at--;
            }
            ranking.order[at] = candidate.place();
        }
    }

    /** Fills in what the choice of {@code first} costs and how sure it is. */
    private void tell(Terms first, Demand demand, TokenSource tokens, Ranking ranking) {
        long low = Money.bounded(tokens.low());
        long high = Money.bounded(tokens.high());
        ranking.expected = first.expected(demand, likely(tokens));
        ranking.low = first.lowest(low, high);
        ranking.high = first.highest(demand, low, high);
        ranking.regret = regret(first, demand, low, high);
        if (isHonest(demand, tokens)) {
            Certainty proven = tokens.counted() ? Certainty.COUNTED : Certainty.PROVEN;
            ranking.certainty = ranking.regret == 0 ? proven : Certainty.EXPECTED;
        }
    }

    /** Whether the bounds of {@code tokens} are bounds of what every candidate will bill. */
    private boolean isHonest(Demand demand, TokenSource tokens) {
        return demand.textOnly()
                && tokenizer != null
                && (!tokens.counted() || Objects.equals(tokenizer, tokens.encoding()));
    }

    private long regret(Terms first, Demand demand, long low, long high) {
        long regret = 0;
        for (Terms other : priced) {
            long end = other == first ? -1 : Math.min(high, other.longestInput(demand));
            while (end >= low) {
                long start = Math.max(low, Math.max(first.tierStart(end), other.tierStart(end)));
                regret = Math.max(regret, Contest.regret(first, other, demand, end));
                regret = Math.max(regret, Contest.regret(first, other, demand, start));
                end = start - 1;
            }
        }
        return regret;
    }
}
