/**
 * What is counted for Prometheus. {@code Metrics} is the way in. The journal's thread counts exchanges in plain cells that only
 * it writes ({@code ExchangeCounts}); a scrape, on a thread of its own, reads them ({@code ExchangeSeries}). What is live
 * is asked of the engine at the scrape ({@code EngineSeries}).
 */
package io.costoptimal.gateway.server.metrics;
