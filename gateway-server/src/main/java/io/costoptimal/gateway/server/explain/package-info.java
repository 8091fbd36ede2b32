/**
 * Where a request would go and why, found out by the engine's own stages and without sending it: for the command line and
 * for the operators' listener.
 */
package io.costoptimal.gateway.server.explain;
