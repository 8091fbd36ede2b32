/**
 * The way out of the event loops for everything that is told of an exchange. A loop writes each exchange once into a bounded
 * lane of its own; one thread reads all lanes in batches and tells the access log and the metrics.
 */
package io.costoptimal.gateway.server.journal;
