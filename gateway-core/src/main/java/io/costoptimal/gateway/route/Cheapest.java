package io.costoptimal.gateway.route;

import io.costoptimal.gateway.cost.CostChooser;
import io.costoptimal.gateway.cost.CostMemory;
import io.costoptimal.gateway.cost.Demand;
import io.costoptimal.gateway.cost.Orders;
import io.costoptimal.gateway.cost.Ranking;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Price;
import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.exchange.RequestFacts;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The cheapest candidate first: tells the {@link CostChooser} of {@code cost} what a request asks for, and makes a
 * {@link Choice} of what it found. Any thread.
 */
final class Cheapest implements Chooser {

    /** Models of a wildcard whose prices are kept; those of further ones are looked up for each request. */
    private static final int MOST_MODELS = 1000;

    private final String entry;
    private final List<Candidate> listed;
    private final Orders<Candidate> orders;
    private final boolean affinity;
    private final Prices prices;
    private final CostMemory memory;
    private final Map<String, CostChooser> choosers = new ConcurrentHashMap<>();

    /**
     * @param entry of the table, as it is written there
     * @param affinity whether a conversation may stay where it is in the cache
     */
    Cheapest(String entry, List<Candidate> listed, boolean affinity, Choosers choosers) {
        this.entry = entry;
        this.listed = listed;
        this.orders = new Orders<>(listed);
        this.affinity = affinity;
        this.prices = choosers.prices();
        this.memory = choosers.memory();
    }

    @Override
    public Choice choose(RoutingFacts facts, TokenSource tokens) {
        CostChooser chooser = chooser(facts.model());
        long conversation = affinity && chooser.isCacheWorthIt() ? memory.conversation(facts.caller()) : 0;
        Demand demand = demand(facts, conversation);
        Ranking ranking = new Ranking();
        if (tokens.assumed()) {
            // What is assumed is the most that the whole body may count.
            long most = Math.min(tokens.high(), facts.body().textBytes());
            chooser.guess(demand, TokenSource.bounds(0, most), ranking);
        } else if (!chooser.choose(demand, ofText(facts.body(), tokens), ranking)) {
            return null;
        }
        return choice(ranking, conversation);
    }

    private CostChooser chooser(String model) {
        CostChooser known = choosers.get(model);
        if (known != null) {
            return known;
        }
        CostChooser made = new CostChooser(prices(model));
        if (choosers.size() < MOST_MODELS) {
            choosers.put(model, made);
        }
        return made;
    }

    private List<Price> prices(String model) {
        List<Price> all = new ArrayList<>();
        for (Candidate candidate : listed) {
            all.add(prices.of(candidate.provider(), candidate.model() == null ? model : candidate.model()));
        }
        return all;
    }

    /** Long values that are no text leave the bound of the count, which rules need to hold whatever those are. */
    private static TokenSource ofText(RequestFacts body, TokenSource tokens) {
        return body.content().nonTextBytes() == 0 ? tokens : new TextTokens(tokens, body.textBytes());
    }

    private Demand demand(RoutingFacts facts, long conversation) {
        RequestFacts.Output output = facts.body().output();
        RequestFacts.Content content = facts.body().content();
        boolean textOnly = !content.nonText() && !content.outside();
        return new Demand(
                Math.max(1, output.answers()),
                output.maxTokens(),
                memory.expectedOutput(entry, facts.caller().key()),
                textOnly,
                memory.warm(conversation, listed, facts));
    }

    private Choice choice(Ranking ranking, long conversation) {
        Choice.Cost cost = ranking.priced()
                ? new Choice.Cost(ranking.low(), ranking.high(), ranking.expected(), ranking.regret())
                : null;
        return new Choice(ranking.certainty(), orders.of(ranking), listed, cost, conversation);
    }
}
