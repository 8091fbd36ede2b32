package io.costoptimal.gateway.route;

import java.util.List;
import java.util.Map;

/**
 * How a part of a rule came out for one request: the whole rule, or a condition that the rule is made of. Immutable.
 *
 * @param expression the part, in the rule's own operators
 * @param verdict whether it holds; {@link Verdict#UNKNOWN} when the bounds of the token count leave it open
 * @param fault why it could not be told; {@code null} when it could
 * @param values what the variables and headers in it were, by name, where it is made of no other conditions; a Boolean, Long,
 *     Double or String, {@code null} for an absent header and an unknown price
 * @param parts the conditions it is made of; none for a comparison
 */
public record RuleTrace(
        String expression, Verdict verdict, String fault, Map<String, Object> values, List<RuleTrace> parts) {}
