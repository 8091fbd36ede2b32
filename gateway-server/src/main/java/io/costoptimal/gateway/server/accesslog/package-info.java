/**
 * The two logs: one JSON line for each exchange, and the process's own events.
 *
 * <p>{@code AccessLog} reads the journal and makes lines; {@code EventAppender} takes events from Log4j. Both hand lines to a
 * {@code LineWriter}, which has Log4j put the file aside when it is time ({@code RollingFile}), writes ({@code LineOutput}) and
 * counts what is lost ({@code LogChannel}).
 */
package io.costoptimal.gateway.server.accesslog;
