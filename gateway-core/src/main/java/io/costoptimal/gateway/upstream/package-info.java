/**
 * Connections to providers: one pool per event loop, leased and released without locks, and the request heads that each
 * kind of provider wants. Imports leaves only.
 */
package io.costoptimal.gateway.upstream;
