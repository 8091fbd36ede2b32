/**
 * The log: one JSON line per exchange on its way out, and the process's own events beside it.
 *
 * <p>Nothing here blocks an event loop: a log that cannot be written loses lines, and counts them.
 */
package io.costoptimal.gateway.server.accesslog;
