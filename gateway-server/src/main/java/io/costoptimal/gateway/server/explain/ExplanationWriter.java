package io.costoptimal.gateway.server.explain;

import io.costoptimal.gateway.cost.CostInterval;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Choice;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Operation;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.ProviderPath;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.RoutedRule;
import io.costoptimal.gateway.route.RuleTrace;
import io.costoptimal.gateway.route.Verdict;
import io.costoptimal.gateway.server.config.GatewayConfig.Routing;
import java.io.StringWriter;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;

/** An explanation as JSON. */
public final class ExplanationWriter {

    private static final Separators SEPARATORS = Separators.createDefaultInstance()
            .withObjectNameValueSpacing(Separators.Spacing.AFTER)
            .withArrayEmptySeparator("")
            .withObjectEmptySeparator("");

    private static final ObjectWriteContext INDENTED = new ObjectWriteContext.Base() {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            DefaultIndenter lines = new DefaultIndenter("  ", "\n");
            return new DefaultPrettyPrinter(SEPARATORS).withArrayIndenter(lines).withObjectIndenter(lines);
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    };

    private final Explanation explanation;
    private final Routing routing;
    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = new JsonFactory().createGenerator(INDENTED, text);

    private ExplanationWriter(Explanation explanation, Routing routing) {
        this.explanation = explanation;
        this.routing = routing;
    }

    /** One JSON document, without a line feed at its end. */
    public static String write(Explanation explanation, Routing routing) {
        ExplanationWriter writer = new ExplanationWriter(explanation, routing);
        writer.document();
        writer.json.close();
        return writer.text.toString();
    }

    private void document() {
        Exchange exchange = explanation.exchange();
        json.writeStartObject();
        json.writeStringProperty("request", exchange.method() + " " + exchange.path());
        if (exchange.modelAsked() != null) {
            json.writeObjectPropertyStart("model");
            json.writeStringProperty("asked", exchange.modelAsked());
            json.writeStringProperty("resolved", exchange.policy().routes().resolve(exchange.modelAsked()));
            json.writeEndObject();
        }
        if (exchange.decision() != null) {
            decision(exchange.decision());
        }
        if (explanation.refusal() != null) {
            refusal(explanation.refusal());
        } else if (exchange.decision() == null) {
            json.writeStringProperty("why", "answered by the gateway itself");
        }
        Operation operation = exchange.target().operation();
        if (operation != null && operation.proxied()) {
            urls(operation);
        }
        json.writeEndObject();
    }

    /** Where the operation is at every provider, whether the request would go there or not. */
    private void urls(Operation operation) {
        json.writeObjectPropertyStart("urls");
        for (Provider provider : routing.providers().values()) {
            json.writeStringProperty(provider.id(), ProviderPath.url(provider, operation));
        }
        json.writeEndObject();
    }

    private void refusal(Rejection refusal) {
        json.writeObjectPropertyStart("refused");
        json.writeNumberProperty("status", refusal.status());
        json.writeStringProperty("message", refusal.message());
        json.writeEndObject();
    }

    private void decision(Decision decision) {
        json.writeObjectPropertyStart("tokens");
        json.writeNumberProperty("low", decision.tokens().low());
        json.writeNumberProperty("high", decision.tokens().high());
        json.writeBooleanProperty("counted", decision.tokens().counted());
        if (decision.tokens().counted() && explanation.tokens() >= 0) {
            json.writeNumberProperty("exact", explanation.tokens());
        }
        json.writeEndObject();
        rules(decision);
        json.writeStringProperty("why", decision.matched());
        choice(decision.choice());
        json.writeArrayPropertyStart("candidates");
        decision.candidates().forEach(this::candidate);
        json.writeEndArray();
    }

    /** By which strategy candidates come in their order, and what that order rests on; nothing of the order of the file. */
    private void choice(Choice choice) {
        if (choice.strategy() == Choice.Strategy.ORDERED) {
            return;
        }
        json.writeObjectPropertyStart("choice");
        json.writeStringProperty("strategy", choice.strategy().word());
        json.writeStringProperty("decision", choice.certainty().word());
        if (choice.cost() != null) {
            cost(choice.cost().low(), choice.cost().high(), choice.cost().expected());
            nanos("regret_nano_usd", choice.cost().regret());
        }
        json.writeEndObject();
    }

    private void cost(long low, long high, long expected) {
        nanos("low_nano_usd", low);
        nanos("high_nano_usd", high);
        nanos("expected_nano_usd", expected);
    }

    private void nanos(String name, long nanos) {
        if (nanos == Long.MAX_VALUE) {
            json.writeNullProperty(name);
        } else {
            json.writeNumberProperty(name, nanos);
        }
    }

    /** The rules in their order, up to the one that matched; those behind it were not looked at. */
    private void rules(Decision decision) {
        List<RoutedRule> rules = routing.table().models().stream()
                .filter(routes -> routes.model().equals(decision.entry()))
                .map(ModelRoutes::rules)
                .findFirst()
                .orElse(List.of());
        json.writeArrayPropertyStart("rules");
        boolean matched = false;
        for (int i = 0; i < rules.size() && !matched; i++) {
            String rule = rules.get(i).rule().expression();
            matched = decision.matched().equals("rule " + (i + 1) + ": " + rule);
            json.writeStartObject();
            json.writeStringProperty("rule", rule);
            json.writeBooleanProperty("matched", matched);
            RuleTrace trace = explanation.trace(i);
            if (trace != null) {
                json.writeObjectPropertyStart("trace");
                trace(trace);
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** Whether a condition holds, what was compared in it, and the same of the conditions it is made of. */
    private void trace(RuleTrace trace) {
        if (trace.fault() != null) {
            json.writeStringProperty("fault", trace.fault());
        } else if (trace.verdict() == Verdict.UNKNOWN) {
            json.writeStringProperty("holds", "not known without counting");
        } else {
            json.writeBooleanProperty("holds", trace.verdict() == Verdict.TRUE);
        }
        if (!trace.values().isEmpty()) {
            json.writeObjectPropertyStart("values");
            trace.values().forEach(this::value);
            json.writeEndObject();
        }
        if (!trace.parts().isEmpty()) {
            json.writeArrayPropertyStart("parts");
            for (RuleTrace part : trace.parts()) {
                json.writeStartObject();
                json.writeStringProperty("condition", part.expression());
                trace(part);
                json.writeEndObject();
            }
            json.writeEndArray();
        }
    }

    private void value(String name, Object value) {
        if (value instanceof Long number) {
            json.writeNumberProperty(name, number);
        } else if (value instanceof Double number) {
            json.writeNumberProperty(name, number);
        } else if (value instanceof Boolean truth) {
            json.writeBooleanProperty(name, truth);
        } else {
            json.writeStringProperty(name, (String) value);
        }
    }

    private void candidate(Candidate candidate) {
        json.writeStartObject();
        json.writeStringProperty("provider", candidate.provider().id());
        json.writeStringProperty("type", candidate.provider().kind().word());
        json.writeStringProperty("model", explanation.exchange().nameFor(candidate));
        json.writeStringProperty("url", explanation.url(candidate));
        CostInterval cost = explanation.cost(candidate);
        if (cost != null) {
            cost(cost.low(), cost.high(), cost.expected());
        }
        json.writeEndObject();
    }
}
