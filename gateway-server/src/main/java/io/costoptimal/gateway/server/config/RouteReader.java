package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.route.RuleException;
import io.costoptimal.gateway.route.Strategy;
import io.costoptimal.gateway.server.config.CandidateReader.Listed;
import io.costoptimal.gateway.server.config.PriceNotes.Use;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads {@code models}: which candidates serve each, and by which rules. Owned by the thread that loads. */
final class RouteReader {

    /** What a rule may answer requests that it refuses. */
    private static final int MOST_4XX = 499;

    private static final int UNAVAILABLE = 503;

    private final CandidateReader candidates;
    private final boolean fallback;
    private final PriceNotes prices;

    /**
     * @param providers what candidates may name
     * @param fallback whether there is a default provider, which serves what no model's route does
     * @param prices told of every candidate
     */
    RouteReader(Map<String, Provider> providers, boolean fallback, PriceNotes prices) {
        this.candidates = new CandidateReader(providers);
        this.fallback = fallback;
        this.prices = prices;
    }

    /** By model, in the order of the file. */
    Map<String, ModelRoutes> read(Section file) {
        Map<String, ModelRoutes> routes = new LinkedHashMap<>();
        for (Value item : file.items("models")) {
            item.section().ifPresent(section -> {
                ModelRoutes route = one(section);
                if (route != null && routes.putIfAbsent(route.model(), route) != null) {
                    section.value("model")
                            .ifPresent(model -> model.expected("a model that is not in the list already"));
                }
            });
        }
        return routes;
    }

    private ModelRoutes one(Section section) {
        try (section) {
            Optional<String> model = section.required("model").flatMap(value -> value.as(Names::model));
            Optional<Value> written = section.value("providers");
            Listed listed = listed(written, model);
            List<Value> items = section.items("rules");
            StrategyReader strategy = StrategyReader.STANDARD.read(section, !items.isEmpty());
            if (written.isEmpty() && items.isEmpty() && !fallback) {
                section.problem("nothing serves this model (expected: providers, rules or a default_provider)");
            }
            List<RoutedRule> rules = new ArrayList<>();
            items.forEach(item -> item.section()
                    .flatMap(rule -> rule(rule, model, new OfModel(strategy, listed.candidates())))
                    .ifPresent(rules::add));
            RetryOn retry = section.value("retry_on").map(RouteReader::retryOn).orElse(null);
            Strategy order = strategy.of(listed, written);
            note(listed, model, order);
            return model.map(name -> new ModelRoutes(name, listed.candidates(), order, rules, retry))
                    .orElse(null);
        }
    }

    /**
     * What a model's rules have from the model.
     *
     * @param strategy which a rule's list follows where the rule does not say otherwise
     * @param candidates whose prices a rule may ask for, beside those of its own
     */
    private record OfModel(StrategyReader strategy, List<Candidate> candidates) {

        List<Candidate> and(List<Candidate> own) {
            return Stream.concat(candidates.stream(), own.stream()).toList();
        }
    }

    private static Set<String> ids(List<Candidate> candidates) {
        return candidates.stream().map(candidate -> candidate.provider().id()).collect(Collectors.toSet());
    }

    private Optional<RoutedRule> rule(Section section, Optional<String> model, OfModel of) {
        try (section) {
            String only = model.filter(name -> !name.contains("*")).orElse(null);
            Optional<Value> reject = section.value("reject");
            Optional<Value> written = reject.isPresent() ? section.value("providers") : section.required("providers");
            Listed listed = listed(written, model);
            Strategy strategy = of.strategy().read(section, false).of(listed, written);
            List<Candidate> offered = of.and(listed.candidates());
            Optional<Rule> rule = section.required("rule").flatMap(value -> compiled(value, only, ids(offered)));
            rule.ifPresent(
                    compiled -> section.value("rule").ifPresent(value -> noteAsked(compiled, value, model, offered)));
            note(listed, model, strategy);
            if (reject.isPresent()) {
                written.ifPresent(value -> value.problem(
                        "providers: the rule refuses what it matches (expected: providers or reject, not both)"));
                Optional<Rejection> refusal = reject.get().section().flatMap(RouteReader::refusal);
                return rule.flatMap(compiled -> refusal.map(answer -> new RoutedRule(compiled, answer)));
            }
            return rule.filter(compiled -> !listed.candidates().isEmpty())
                    .map(compiled -> new RoutedRule(compiled, listed.candidates(), strategy));
        }
    }

    /** Reads {@code reject}. */
    private static Optional<Rejection> refusal(Section section) {
        try (section) {
            int status = (int) section.number("status");
            if (status > MOST_4XX && status != UNAVAILABLE) {
                section.value("status").ifPresent(value -> value.expected("400 to 499, or 503"));
            }
            return section.required("message")
                    .flatMap(value -> value.as(Names::sentence))
                    .map(message -> Rejection.byRule(status, message));
        }
    }

    /**
     * Compiles an expression; what is wrong or odd in it is noted at its own line and column of the file.
     *
     * @param model whose rule it is; {@code null} when that is not known
     * @param priced the ids of the providers whose prices it may ask for
     */
    private static Optional<Rule> compiled(Value value, String model, Set<String> priced) {
        String expression = value.verbatim().orElse(null);
        if (expression == null) {
            return Optional.empty();
        }
        if (expression.contains("${")) {
            value.warnAt(expression.indexOf("${"), "rule: no variable is replaced in a rule; ${ is taken as it stands");
        }
        try {
            Rule rule = Rule.compile(expression);
            rule.requireProviders(priced);
            rule.remarks(model).forEach(remark -> value.warn("rule: " + remark));
            return Optional.of(rule);
        } catch (RuleException e) {
            int lineStart = 0;
            for (int line = 1; line < e.line(); line++) {
                lineStart = expression.indexOf('\n', lineStart) + 1;
            }
            return value.problemAt(lineStart + e.column() - 1, "rule: " + e.getMessage());
        }
    }

    private void note(Listed listed, Optional<String> model, Strategy strategy) {
        for (int i = 0; i < listed.candidates().size(); i++) {
            prices.candidate(
                    listed.candidates().get(i),
                    model.orElse(null),
                    listed.places().get(i),
                    strategy instanceof Strategy.Cheapest ? Use.COMPARED : Use.SPENT);
        }
    }

    /** Notes whose prices {@code rule} asks for: at each provider the first candidate of the model's, then of its own. */
    private void noteAsked(Rule rule, Value at, Optional<String> model, List<Candidate> candidates) {
        for (String id : rule.pricedProviders()) {
            candidates.stream()
                    .filter(candidate -> candidate.provider().id().equals(id))
                    .findFirst()
                    .ifPresent(candidate -> prices.candidate(
                            candidate, model.orElse(null), new CandidateReader.Place(at, null), Use.ASKED));
        }
    }

    private Listed listed(Optional<Value> written, Optional<String> model) {
        Listed listed = written.map(candidates::read).orElseGet(Listed::new);
        written.ifPresent(value -> ApiMismatch.warn(value, model.orElse(null), listed.candidates()));
        return listed;
    }

    /** The provider that {@code id} names; {@code null} when there is none, which was noted. */
    Provider provider(Value id) {
        return candidates.provider(id);
    }

    /** Reads {@code retry_on}: one word or a list of them. */
    static RetryOn retryOn(Value value) {
        List<String> words = new ArrayList<>();
        for (Value word : value.isText() ? List.of(value) : value.items()) {
            word.text().ifPresent(text -> {
                try {
                    RetryOn.parse(List.of(text));
                    words.add(text);
                } catch (IllegalArgumentException e) {
                    word.expected(RetryOn.WORDS);
                }
            });
        }
        if (words.contains("connect_error") && !words.contains("no_answer")) {
            value.warn("retry_on: connect_error alone covers only requests of which nothing was sent; add no_answer if"
                    + " requests that were sent and not answered may go to the next candidate too, at the risk that both"
                    + " bill them");
        }
        return RetryOn.parse(words);
    }
}
