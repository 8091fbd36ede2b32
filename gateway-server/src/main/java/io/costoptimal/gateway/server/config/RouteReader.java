package io.costoptimal.gateway.server.config;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.Rule;
import io.costoptimal.gateway.route.RuleException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads {@code models}: which candidates serve each, and by which rules. Owned by the thread that loads. */
final class RouteReader {

    private final Map<String, Provider> providers;
    private final boolean fallback;

    /**
     * @param providers what candidates may name
     * @param fallback whether there is a default provider, which serves what no model's route does
     */
    RouteReader(Map<String, Provider> providers, boolean fallback) {
        this.providers = providers;
        this.fallback = fallback;
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
            Optional<Value> listed = section.value("providers");
            List<Candidate> candidates = candidates(listed, model);
            List<Value> items = section.items("rules");
            if (listed.isEmpty() && items.isEmpty() && !fallback) {
                section.problem("nothing serves this model (expected: providers, rules or a default_provider)");
            }
            List<RoutedRule> rules = new ArrayList<>();
            items.forEach(
                    item -> item.section().flatMap(rule -> rule(rule, model)).ifPresent(rules::add));
            RetryOn retry = section.value("retry_on").map(RouteReader::retryOn).orElse(null);
            return model.map(name -> new ModelRoutes(name, candidates, rules, retry))
                    .orElse(null);
        }
    }

    private Optional<RoutedRule> rule(Section section, Optional<String> model) {
        try (section) {
            String only = model.filter(name -> !name.contains("*")).orElse(null);
            Optional<Rule> rule = section.required("rule").flatMap(value -> compiled(value, only));
            List<Candidate> candidates = candidates(section.required("providers"), model);
            return rule.filter(compiled -> !candidates.isEmpty()).map(compiled -> new RoutedRule(compiled, candidates));
        }
    }

    /**
     * Compiles an expression; what is wrong or odd in it is noted at its own line and column of the file.
     *
     * @param model whose rule it is; {@code null} when that is not known
     */
    private static Optional<Rule> compiled(Value value, String model) {
        String expression = value.verbatim().orElse(null);
        if (expression == null) {
            return Optional.empty();
        }
        if (expression.contains("${")) {
            value.warnAt(expression.indexOf("${"), "rule: no variable is replaced in a rule; ${ is taken as it stands");
        }
        try {
            Rule rule = Rule.compile(expression);
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

    private List<Candidate> candidates(Optional<Value> listed, Optional<String> model) {
        List<Candidate> candidates = listed.map(this::candidates).orElse(List.of());
        listed.ifPresent(value -> ApiMismatch.warn(value, model.orElse(null), candidates));
        return candidates;
    }

    /** Reads candidates: a list of ids or of {@code {provider, model}}, or a map from id to model. */
    private List<Candidate> candidates(Value value) {
        List<Candidate> candidates = new ArrayList<>();
        if (value.isMap()) {
            value.section()
                    .ifPresent(section ->
                            section.all().forEach(model -> add(candidates, section.keyOf(model), name(model))));
        } else {
            for (Value item : value.items()) {
                if (item.isMap()) {
                    item.section().ifPresent(section -> addMap(candidates, section));
                } else {
                    add(candidates, item, Optional.empty());
                }
            }
        }
        if (candidates.isEmpty()
                && (value.isMap() || value.isList() && value.items().isEmpty())) {
            value.expected("at least one provider");
        }
        return candidates;
    }

    /** The name that a provider knows the model by; an empty one changes nothing. */
    private static Optional<String> name(Value model) {
        return model.isEmptyText() ? Optional.empty() : model.as(Names::oneModel);
    }

    private void addMap(List<Candidate> candidates, Section section) {
        try (section) {
            Optional<Value> id = section.value("id");
            Optional<Value> provider = id.isPresent() ? id : section.required("provider");
            section.value("provider")
                    .filter(other -> id.isPresent())
                    .ifPresent(other -> other.problem("provider: id says it already"));
            Optional<String> model = section.value("model").flatMap(RouteReader::name);
            provider.ifPresent(value -> add(candidates, value, model));
        }
    }

    private void add(List<Candidate> candidates, Value id, Optional<String> model) {
        Provider provider = provider(id);
        if (provider == null) {
            return;
        }
        Candidate candidate = new Candidate(provider, model.orElse(null));
        if (candidates.contains(candidate)) {
            id.expected("each candidate once");
        }
        candidates.add(candidate);
    }

    /** The provider that {@code id} names; {@code null} when there is none, which was noted. */
    Provider provider(Value id) {
        String text = id.text().orElse(null);
        if (text != null && !providers.containsKey(text)) {
            id.problem("unknown provider: " + id.shown() + Words.hint(text, providers.keySet()));
        }
        return providers.get(text);
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
