package io.costoptimal.gateway.server.ledger;

/**
 * Attempts that happened and have no row. Immutable.
 *
 * @param id of its own, so that a batch which is written twice does not count it twice
 * @param from when the first of their requests started, in milliseconds since 1970
 * @param to when the last of them did
 * @param count how many attempts
 * @param why they have none
 */
public record Gap(String id, long from, long to, long count, Drop why) {}
