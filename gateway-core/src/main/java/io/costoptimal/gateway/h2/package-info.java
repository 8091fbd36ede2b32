/**
 * Clients that speak HTTP/2: a connection of many streams, each of which carries one exchange. What it has in common with
 * HTTP/1 is in {@code accept}, of which it may use what is public there.
 */
package io.costoptimal.gateway.h2;
