/**
 * What each attempt at a provider has used and cost, kept in a database: rows, roll-ups of rows, and how they are written and
 * read. What the event loops tell comes by the journal; the store is behind a bounded queue and holds up nobody.
 */
package io.costoptimal.gateway.server.ledger;
