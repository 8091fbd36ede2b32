package io.costoptimal.gateway.server.api;

import io.costoptimal.gateway.exchange.Prices;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.server.admin.Answer;
import io.costoptimal.gateway.server.admin.JsonObject;
import io.costoptimal.gateway.server.admin.Refused;
import io.costoptimal.gateway.server.admin.Request;
import io.costoptimal.gateway.server.admin.Route;
import io.costoptimal.gateway.server.admin.Threads.Kind;
import io.costoptimal.gateway.server.api.ReplayPolicy.Outcome;
import io.costoptimal.gateway.server.config.ConfigException;
import io.costoptimal.gateway.server.config.GatewayConfig;
import io.costoptimal.gateway.server.config.ModelsText;
import io.costoptimal.gateway.server.config.Problem;
import io.costoptimal.gateway.server.ledger.Column;
import io.costoptimal.gateway.server.ledger.LedgerQueries.Filter;
import io.costoptimal.gateway.server.ledger.Row;
import io.costoptimal.gateway.server.ledger.RowText;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** What the requests of the last days would have cost by other routes, from their rows. Any thread. */
final class Replay {

    private static final int MOST_DAYS = 3_660;
    private static final Duration LIMIT = Duration.ofSeconds(55);

    private final Ledgers ledgers;
    private final Supplier<GatewayConfig> config;
    private final Supplier<Prices> prices;
    private final LongSupplier now;

    /**
     * @param config in force
     * @param prices in force
     * @param now in milliseconds since 1970
     */
    Replay(Ledgers ledgers, Supplier<GatewayConfig> config, Supplier<Prices> prices, LongSupplier now) {
        this.ledgers = ledgers;
        this.config = config;
        this.prices = prices;
        this.now = now;
    }

    Route route() {
        return Route.post("/replay", Kind.LONG_QUERY, this::answer);
    }

    /** Sums of rows that have a cost by both routes. Confined to one thread. */
    private static final class Sums {
        private long attempts;
        private long cost;
        private long replayed;

        void add(long was, long wouldBe) {
            attempts++;
            cost += was;
            replayed += wouldBe;
        }

        void write(JsonGenerator json) {
            json.writeNumberProperty("replayed_attempts", attempts);
            json.writeNumberProperty("cost_nano_usd", cost);
            json.writeNumberProperty("replayed_nano_usd", replayed);
            json.writeNumberProperty("saved_nano_usd", cost - replayed);
        }
    }

    /** What a replay comes to. Confined to one thread. */
    private static final class Result {
        private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
        private final Map<String, Sums> models = new TreeMap<>();
        private final Sums all = new Sums();
        private long attempts;
        private long unused;
        private long unpriced;

        void add(Row row, ReplayPolicy policy) {
            attempts++;
            if (row.text(Column.TOKEN_SOURCE).equals("none")) {
                unused++;
            } else if (!row.has(Column.COST_NANO_USD)) {
                unpriced++;
            } else {
                Outcome outcome = policy.replay(row);
                outcomes.merge(outcome, 1L, Long::sum);
                if (outcome == Outcome.REPLAYED || outcome == Outcome.REFUSED) {
                    long cost = row.number(Column.COST_NANO_USD);
                    all.add(cost, policy.cost());
                    models.computeIfAbsent(policy.entry(), model -> new Sums()).add(cost, policy.cost());
                }
            }
        }

        long of(Outcome outcome) {
            return outcomes.getOrDefault(outcome, 0L);
        }
    }

    private Answer answer(Request request) throws Refused {
        JsonObject asked = JsonObject.parse(request.body(), "days", "strategy", "models");
        long days = asked.number("days", 30, 1, MOST_DAYS);
        ReplayPolicy policy = new ReplayPolicy(table(asked), prices.get());
        long to = now.getAsLong();
        Filter filter = new Filter(to - Duration.ofDays(days).toMillis(), to, Map.of());
        Result result = new Result();
        ledgers.ask(LIMIT, ledger -> {
            ledger.forEach(filter, row -> {
                result.add(row, policy);
                return !Thread.currentThread().isInterrupted();
            });
            return null;
        });
        return Json.object(json -> write(json, filter, result));
    }

    private RouteTable table(JsonObject asked) throws Refused {
        GatewayConfig present = config.get();
        RouteTable table = present.routing().table();
        byte[] models = asked.raw("models");
        String strategy = asked.text("strategy");
        if (models != null && strategy != null) {
            throw Refused.parameter("strategy", strategy, "strategy or models, not both");
        }
        if (models == null && strategy == null) {
            throw Refused.parameter("strategy", "nothing", "strategy or models");
        }
        return models == null ? with(table, strategy(strategy)) : with(table, models(models, present));
    }

    private static List<ModelRoutes> models(byte[] models, GatewayConfig present) throws Refused {
        try {
            return ModelsText.parse(models, present);
        } catch (ConfigException e) {
            throw new Refused(
                    400,
                    "invalid_models",
                    e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n")));
        }
    }

    private static Strategy strategy(String word) throws Refused {
        return switch (word) {
            case "ordered" -> Strategy.ORDERED;
            case "cheapest" -> new Strategy.Cheapest(false);
            default -> throw Refused.parameter("strategy", word, "ordered or cheapest; weights are for models");
        };
    }

    private static RouteTable with(RouteTable table, Strategy strategy) {
        return with(
                table,
                table.models().stream()
                        .map(model -> new ModelRoutes(
                                model.model(),
                                model.providers(),
                                strategy,
                                model.rules().stream()
                                        .map(routed -> new RoutedRule(
                                                routed.rule(), routed.candidates(), strategy, routed.refusal()))
                                        .toList(),
                                model.retryOn()))
                        .toList());
    }

    private static RouteTable with(RouteTable table, List<ModelRoutes> models) {
        return new RouteTable(table.aliases(), models, table.defaultProvider(), table.retryOn());
    }

    private static void write(JsonGenerator json, Filter filter, Result result) {
        json.writeStringProperty("from", RowText.time(filter.from()));
        json.writeStringProperty("to", RowText.time(filter.to()));
        json.writeNumberProperty("attempts", result.attempts);
        result.all.write(json);
        json.writeNumberProperty("refused_attempts", result.of(Outcome.REFUSED));
        json.writeObjectPropertyStart("not_replayed");
        json.writeNumberProperty("no_usage", result.unused);
        json.writeNumberProperty("no_cost", result.unpriced);
        Arrays.stream(Outcome.values())
                .filter(outcome -> outcome != Outcome.REPLAYED && outcome != Outcome.REFUSED)
                .forEach(outcome ->
                        json.writeNumberProperty(outcome.name().toLowerCase(Locale.ROOT), result.of(outcome)));
        json.writeEndObject();
        json.writeArrayPropertyStart("models");
        result.models.forEach((model, sums) -> {
            json.writeStartObject();
            json.writeStringProperty("model", model);
            sums.write(json);
            json.writeEndObject();
        });
        json.writeEndArray();
    }
}
