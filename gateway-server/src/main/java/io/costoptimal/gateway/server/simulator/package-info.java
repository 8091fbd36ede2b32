/**
 * A provider that costs nothing: answers every endpoint in the public APIs' exact shapes, at any pace and size, and
 * fails in the ways real ones do. For the demo, for tests and for load runs.
 *
 * <p>It shares no code with the gateway, so that the two cannot agree on a mistake.
 */
package io.costoptimal.gateway.server.simulator;
