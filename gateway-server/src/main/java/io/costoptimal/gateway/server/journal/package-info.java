/**
 * Carries the facts of each exchange from its event loop to the access log and the metrics. A loop writes an exchange once, at
 * its end, into a bounded lane of its own; one thread reads all lanes in batches and calls the readers.
 */
package io.costoptimal.gateway.server.journal;
