/**
 * What is counted for Prometheus. {@code Metrics} is the way in. Each event loop counts for itself in plain cells that only
 * it writes ({@code LoopCounts}); a scrape, on a thread of its own, adds them up ({@code ExchangeSeries}). What is live
 * is asked of the engine at the scrape ({@code EngineSeries}).
 */
package io.costoptimal.gateway.server.metrics;
