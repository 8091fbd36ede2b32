/**
 * From facts to candidates: rules, the routing table, and the stage that applies it.
 *
 * <p>{@link io.costoptimal.gateway.route.Router} is the whole of it for somebody without a network: facts in, ordered
 * candidates out. {@link io.costoptimal.gateway.route.RouteStage} is the same as a stage.
 *
 * <p>A rule goes through three hands when it is loaded: {@code RuleParser} (text to {@code Syntax}, by Aviator's own lexer
 * and parser, everything unlisted refused), {@code TypeCheck} ({@code Syntax} to {@code Term}), and from then on
 * {@link io.costoptimal.gateway.route.Rule} evaluates the terms, with three answers instead of two.
 */
package io.costoptimal.gateway.route;
