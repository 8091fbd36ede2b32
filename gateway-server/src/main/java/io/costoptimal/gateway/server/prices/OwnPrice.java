package io.costoptimal.gateway.server.prices;

import io.costoptimal.gateway.cost.ExtraPrices;

/**
 * A price that a configuration names. Immutable.
 *
 * @param tariff of tokens and requests
 * @param extras of rates and tools, which no list has
 */
public record OwnPrice(Tariff tariff, ExtraPrices extras) {}
