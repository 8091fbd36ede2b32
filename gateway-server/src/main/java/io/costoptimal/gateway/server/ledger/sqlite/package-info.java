/**
 * A ledger in SQLite: a file for each month with its rows and roll-ups, and one for the roll-ups of the months whose rows are
 * gone.
 */
package io.costoptimal.gateway.server.ledger.sqlite;
