/**
 * The one object that travels through the stages, and the facts it gathers on the way; what clients may ask for, as rows of a
 * table ({@link io.costoptimal.gateway.exchange.Operations}).
 *
 * <p>A leaf: nothing here imports another package of the gateway. The stages meet through these types; where one stage
 * needs what another knows, the need is an interface here ({@link io.costoptimal.gateway.exchange.Keys},
 * {@link io.costoptimal.gateway.exchange.Routes}, {@link io.costoptimal.gateway.exchange.TokenCounting}) and the base
 * package puts the two together.
 */
package io.costoptimal.gateway.exchange;
