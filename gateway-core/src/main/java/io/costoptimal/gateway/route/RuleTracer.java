package io.costoptimal.gateway.route;

import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.TokenSource;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Evaluates a rule condition by condition, for people who ask why it holds or not. Belongs to one question. */
final class RuleTracer {

    private final Source source;
    private final Offers offers;
    private final RoutingFacts facts;
    private final TokenSource tokens;

    RuleTracer(Source source, Offers offers, RoutingFacts facts, TokenSource tokens) {
        this.offers = offers;
        this.source = source;
        this.facts = facts;
        this.tokens = tokens;
    }

    /** What {@code condition} and the conditions in it come to. */
    RuleTrace trace(Syntax condition) {
        List<Syntax> parts = conditions(condition);
        Map<String, Object> values = new LinkedHashMap<>();
        if (parts.isEmpty()) {
            collect(condition, values);
        }
        Verdict verdict = Verdict.UNKNOWN;
        String fault = null;
        try {
            verdict = new TypeCheck(source, offers).rule(condition).test(facts, tokens);
        } catch (RuleFault failed) {
            fault = failed.getMessage();
        }
        return new RuleTrace(
                SyntaxText.of(condition),
                verdict,
                fault,
                values,
                parts.stream().map(this::trace).toList());
    }

    /** The conditions that {@code syntax} combines: all of a chain of {@code &&} or {@code ||}, and none of a comparison. */
    private static List<Syntax> conditions(Syntax syntax) {
        if (syntax instanceof Syntax.Unary unary && unary.operator() == Operator.NOT) {
            return List.of(unary.operand());
        }
        List<Syntax> chain = new ArrayList<>();
        if (syntax instanceof Syntax.Binary binary && isJunction(binary.operator())) {
            chain(binary, binary.operator(), chain);
        }
        return chain;
    }

    private static boolean isJunction(Operator operator) {
        return operator == Operator.AND || operator == Operator.OR;
    }

    private static void chain(Syntax syntax, Operator operator, List<Syntax> to) {
        if (syntax instanceof Syntax.Binary binary && binary.operator() == operator) {
            chain(binary.left(), operator, to);
            chain(binary.right(), operator, to);
        } else {
            to.add(syntax);
        }
    }

    private void collect(Syntax syntax, Map<String, Object> values) {
        if (syntax instanceof Syntax.Name name) {
            values.put(name.name(), value(name.name()));
        } else if (syntax instanceof Syntax.Index index && index.key() instanceof Syntax.Literal key) {
            String header = String.valueOf(key.value()).toLowerCase(Locale.ROOT);
            values.put("Headers[\"" + header + "\"]", facts.caller().headers().apply(header));
        } else if (syntax instanceof Syntax.Call call
                && PriceTerm.Function.named(call.function()).isPresent()) {
            values.put(SyntaxText.of(call), price(call));
        } else {
            syntax.parts().forEach(part -> collect(part, values));
        }
    }

    /** In dollars; both ends while it depends on a token count that is not known; {@code null} without a price. */
    private Object price(Syntax.Call call) {
        DoubleTerm term = new TypeCheck(source, offers).number(call);
        try {
            double low = term.value(facts, tokens, tokens.low());
            double high = term.value(facts, tokens, tokens.high());
            return low == high ? (Object) low : dollars(Math.min(low, high)) + " to " + dollars(Math.max(low, high));
        } catch (RuleFault unknown) {
            return null;
        }
    }

    /** To the nano-dollar. */
    private static String dollars(double number) {
        return BigDecimal.valueOf(number)
                .setScale(9, RoundingMode.HALF_UP)
                .stripTrailingZeros()
                .toPlainString();
    }

    private Object value(String name) {
        return switch (name) {
            case "TokenCount" ->
                tokens.low() == tokens.high() ? (Object) tokens.low() : tokens.low() + " to " + tokens.high();
            case "MaxTokens" -> facts.maxTokens();
            case "Model" -> facts.model();
            case "Path" -> facts.path();
            case "Key" -> facts.caller().key();
            case "ClientAddress" -> facts.caller().address();
            case "Stream" -> facts.stream();
            case "Hour" -> LongTerm.Clock.HOUR.value(facts, tokens, 0);
            case "Weekday" -> LongTerm.Clock.WEEKDAY.value(facts, tokens, 0);
            default -> throw new IllegalStateException(name);
        };
    }
}
