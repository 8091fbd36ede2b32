/** Whose the objects are that providers keep, remembered in the ledger's database. */
package io.costoptimal.gateway.server.objects;
