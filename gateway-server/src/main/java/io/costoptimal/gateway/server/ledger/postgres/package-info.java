/**
 * A ledger in PostgreSQL, which several gateways may share: rows in a partition for each day, and their roll-ups. Nothing of the
 * driver or of the pool is loaded unless one is configured.
 */
package io.costoptimal.gateway.server.ledger.postgres;
