/**
 * What models cost: the catalogue in the jar, files of prices, other projects' lists of prices, and which price is in force
 * for a provider and the name sent to it. Everything here is read when a configuration is loaded or by a command; requests see
 * only {@link io.costoptimal.gateway.exchange.Prices}.
 */
package io.costoptimal.gateway.server.prices;
