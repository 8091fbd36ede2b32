/**
 * End-to-end runs: a provider, this gateway, and the proxies one would otherwise pick, driven side by side in interleaved
 * rounds. {@link io.costoptimal.gateway.load.Load} is the command; docs/performance.md says what it found.
 */
package io.costoptimal.gateway.load;
