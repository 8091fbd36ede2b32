package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import io.costoptimal.gateway.exchange.Usage;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Router;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.route.RuleTrace;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.Row;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Routes that are tried on rows of the ledger: where would the request of a row have gone, and what would its tokens have cost
 * there? Used by one thread.
 *
 * <p>A row has the name that was asked for, the operation, the key, the time and what was known of the token count. It has no
 * headers and no output budget: if what is decided may depend on these, the row cannot be replayed. Its tokens are priced as
 * they are, whatever another model would have made of the same request; of a list tried by cost, the one that would have been
 * cheapest is taken, which is known now; of a list tried by weight, the mean.
 */
final class ReplayPolicy {

    /** What becomes of a row. */
    enum Outcome {
        /** It has a cost by these routes. */
        REPLAYED,
        /** A rule would have refused its request, which costs nothing. */
        REFUSED,
        /** It depends on headers, on the client's address, on the output budget, or on a cost that was expected of it. */
        FACTS_NOT_RECORDED,
        /** It depends on a token count that nobody knows more exactly than the row says. */
        TOKENS_NOT_COUNTED,
        /** Nothing serves the model, or nobody has room for it. */
        NOT_SERVED,
        /** Who would have served it has no price. */
        NO_PRICE
    }

    private static final String RULE = "rule ";

    /** Variables of rules that rows do not have. */
    private static final Set<String> NOT_RECORDED = Set.of("MaxTokens", "ClientAddress");

    private final Prices prices;
    private final Router router;
    private final Map<String, ModelRoutes> entries = new HashMap<>();

    /** For each entry, how many of its rules can be decided by what rows have, up to the first that cannot. */
    private final Map<String, Integer> decidable = new HashMap<>();

    private boolean askedForHeader;
    private long cost;
    private String entry;

    /** @param table whose strategies may differ from those in force */
    ReplayPolicy(RouteTable table, Prices prices) {
        this.prices = prices;
        for (ModelRoutes model : table.models()) {
            entries.put(model.model(), model);
            decidable.put(model.model(), decidable(model));
        }
        // The order within a list is decided here, by what is known of the answer now.
        router = new Router(
                new RouteTable(
                        table.aliases(),
                        table.models().stream().map(ReplayPolicy::asListed).toList(),
                        table.defaultProvider(),
                        table.retryOn()),
                prices);
    }

    private static ModelRoutes asListed(ModelRoutes model) {
        List<RoutedRule> rules = model.rules().stream()
                .map(routed -> new RoutedRule(routed.rule(), routed.candidates(), Strategy.ORDERED, routed.refusal()))
                .toList();
        return new ModelRoutes(model.model(), model.providers(), rules, model.retryOn());
    }

    private static int decidable(ModelRoutes model) {
        int n = 0;
        while (n < model.rules().size() && isDecidable(model.rules().get(n).rule())) {
            n++;
        }
        return n;
    }

    private static boolean isDecidable(Rule rule) {
        RoutingFacts nothing = new RoutingFacts("", "", false, -1, new RoutingFacts.Caller("", name -> null));
        return isDecidable(rule.trace(nothing, TokenSource.bounds(0, 1)));
    }

    private static boolean isDecidable(RuleTrace trace) {
        return trace.values().keySet().stream()
                        .noneMatch(name -> NOT_RECORDED.contains(name) || name.startsWith("Cost("))
                && trace.parts().stream().allMatch(ReplayPolicy::isDecidable);
    }

    /** Replays {@code row}, which has usage; the other methods then tell of it. */
    Outcome replay(Row row) {
        cost = 0;
        entry = Row.OTHER;
        askedForHeader = false;
        return decide(row);
    }

    /** What the row's tokens cost by these routes, in nano-dollars; 0 unless it was replayed. */
    long cost() {
        return cost;
    }

    /** The entry of these routes that the row's model has. */
    String entry() {
        return entry;
    }

    private Outcome decide(Row row) {
        Decision decision = router.decide(facts(row), tokens(row));
        if (askedForHeader) {
            return Outcome.FACTS_NOT_RECORDED;
        }
        if (decision == null) {
            return Outcome.TOKENS_NOT_COUNTED;
        }
        ModelRoutes model = decision.entry() == null ? null : entries.get(decision.entry());
        if (model == null) {
            return price(row, decision, Strategy.ORDERED);
        }
        entry = model.model();
        int rule = rule(decision.matched());
        if ((rule == 0 ? model.rules().size() : rule) > decidable.get(entry)) {
            return Outcome.FACTS_NOT_RECORDED;
        }
        if (decision.match().refusal() != null) {
            return Outcome.REFUSED;
        }
        return price(
                row,
                decision,
                rule == 0 ? model.strategy() : model.rules().get(rule - 1).strategy());
    }

    private RoutingFacts facts(Row row) {
        RoutingFacts.Caller caller = new RoutingFacts.Caller(row.text(Column.KEY), name -> {
            askedForHeader = true;
            return null;
        });
        return new RoutingFacts(
                        row.text(Column.MODEL_ASKED),
                        row.text(Column.OPERATION),
                        row.number(Column.STREAM, 0) != 0,
                        -1,
                        caller)
                .at(row.number(Column.STARTED_AT));
    }

    private static TokenSource tokens(Row row) {
        return TokenSource.bounds(row.number(Column.INPUT_LOW, 0), row.number(Column.INPUT_HIGH, Integer.MAX_VALUE));
    }

    /** The number of the rule that matched, from 1; 0 when none did. */
    private static int rule(String matched) {
        return matched.startsWith(RULE) ? Integer.parseInt(matched.substring(RULE.length(), matched.indexOf(':'))) : 0;
    }

    private Outcome price(Row row, Decision decision, Strategy strategy) {
        Usage usage = usage(row);
        long status = row.number(Column.STATUS, 0);
        boolean answered = status > 0 && status < 400;
        List<Long> costs = new ArrayList<>();
        List<Integer> weights = new ArrayList<>();
        List<Candidate> listed = decision.choice().listed();
        for (int i = 0; i < listed.size(); i++) {
            Price price = prices.of(listed.get(i).provider(), decision.nameFor(listed.get(i)));
            if (price == null || price.contextWindow() < 0 || tokens(usage) <= price.contextWindow()) {
                costs.add(price == null ? null : (Long) price.cost(usage, answered));
                weights.add(
                        strategy instanceof Strategy.Weighted weighted
                                ? weighted.weights().get(i)
                                : 0);
            }
        }
        if (costs.isEmpty()) {
            return Outcome.NOT_SERVED;
        }
        Long found = cost(strategy, costs, weights);
        cost = found == null ? 0 : found;
        return found == null ? Outcome.NO_PRICE : Outcome.REPLAYED;
    }

    /** {@code null} without a price. Of a list tried by cost, those without a price come last. */
    private static Long cost(Strategy strategy, List<Long> costs, List<Integer> weights) {
        if (strategy instanceof Strategy.Cheapest) {
            return costs.stream().filter(Objects::nonNull).min(Long::compare).orElse(null);
        }
        return strategy instanceof Strategy.Weighted && weights.stream().anyMatch(weight -> weight > 0)
                ? mean(costs, weights)
                : costs.get(0);
    }

    /** The mean, rounded half up. */
    private static Long mean(List<Long> costs, List<Integer> weights) {
        BigInteger sum = BigInteger.ZERO;
        long all = 0;
        for (int i = 0; i < costs.size(); i++) {
            if (weights.get(i) > 0 && costs.get(i) == null) {
                return null;
            }
            if (weights.get(i) > 0) {
                sum = sum.add(BigInteger.valueOf(costs.get(i)).multiply(BigInteger.valueOf(weights.get(i))));
                all += weights.get(i);
            }
        }
        return sum.add(BigInteger.valueOf(all / 2))
                .divide(BigInteger.valueOf(all))
                .longValueExact();
    }

    private static long tokens(Usage usage) {
        return Math.max(0, usage.input().total()) + Math.max(0, usage.output().tokens());
    }

    private static Usage usage(Row row) {
        return new Usage(
                new Usage.Input(
                        row.number(Column.INPUT_TOKENS, -1),
                        row.number(Column.CACHED_INPUT_TOKENS, -1),
                        row.number(Column.CACHE_WRITE_TOKENS, -1),
                        row.number(Column.CACHE_WRITE_1H_TOKENS, -1),
                        row.number(Column.AUDIO_INPUT_TOKENS, -1)),
                new Usage.Output(
                        row.number(Column.OUTPUT_TOKENS, -1),
                        row.number(Column.REASONING_TOKENS, -1),
                        row.number(Column.AUDIO_OUTPUT_TOKENS, -1)));
    }
}
