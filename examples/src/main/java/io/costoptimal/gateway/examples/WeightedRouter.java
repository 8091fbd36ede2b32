package io.costoptimal.gateway.examples;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.exchange.Routes;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.DoubleSupplier;

/**
 * Routes of an embedder's own: each model has candidates with weights, which may be changed while requests run, such as to
 * send a hundredth of them to a new provider. Who is drawn comes first; the others follow in the order of their weights, for
 * the case that the first one fails. A model whose weights are all zero is closed, and answered 403. Any thread.
 */
public final class WeightedRouter implements Routes {

    /**
     * A candidate and its share.
     *
     * @param candidate whom to ask
     * @param weight at least 0; the share of requests is this in proportion to all weights of the model
     */
    public record Weighted(Candidate candidate, double weight) {
        public Weighted {
            if (!(weight >= 0)) {
                throw new IllegalArgumentException("weight: " + weight + " (expected: at least 0)");
            }
        }
    }

    private final AtomicReference<Map<String, List<Weighted>>> models = new AtomicReference<>(Map.of());
    private final DoubleSupplier random;

    /** @param random from 0, but below 1; any thread */
    public WeightedRouter(DoubleSupplier random) {
        this.random = random;
    }

    /** From now on these are the models; requests that run keep what was decided for them. */
    public void set(Map<String, List<Weighted>> others) {
        models.set(Map.copyOf(others));
    }

    @Override
    public String resolve(String asked) {
        // No aliases.
        return asked;
    }

    @Override
    public Decision decide(RoutingFacts facts, TokenSource tokens) {
        String model = facts.model();
        List<Weighted> open = models.get().getOrDefault(model == null ? "" : model, List.of());
        Decision.Tokens known = new Decision.Tokens(tokens.low(), tokens.high(), false);
        if (open.isEmpty()) {
            // Nobody serves it: the gateway answers 404.
            return new Decision(model, new Decision.Match(null, "nothing"), List.of(), RetryOn.ALL, known);
        }
        Decision drawn = new Decision(
                model, new Decision.Match(model, "weights"), Choice.ordered(draw(open)), RetryOn.ALL, known);
        return drawn.candidates().isEmpty()
                ? drawn.refused("weights", Rejection.of(403, "model_closed", "The model is closed at present."))
                : drawn;
    }

    private List<Candidate> draw(List<Weighted> all) {
        List<Weighted> order = new ArrayList<>(all);
        order.removeIf(each -> each.weight() == 0);
        order.sort((a, b) -> Double.compare(b.weight(), a.weight()));
        double at = random.getAsDouble()
                * order.stream().mapToDouble(Weighted::weight).sum();
        for (int i = 0; i < order.size(); i++) {
            at -= order.get(i).weight();
            if (at < 0) {
                order.add(0, order.remove(i));
                break;
            }
        }
        return order.stream().map(Weighted::candidate).toList();
    }

    @Override
    public boolean needContent() {
        return false;
    }

    @Override
    public Set<String> countedModels() {
        // Nothing here depends on the number of tokens.
        return Set.of();
    }
}
