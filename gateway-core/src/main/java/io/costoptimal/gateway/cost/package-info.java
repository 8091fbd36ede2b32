/**
 * Prices, and which candidate a request is cheapest at. Pure: no network, no clock but the one given, no thread. Imports
 * {@code exchange} only.
 */
package io.costoptimal.gateway.cost;
