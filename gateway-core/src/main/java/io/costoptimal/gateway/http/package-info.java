/**
 * HTTP/1.1 as this gateway needs it beyond Netty's request decoder: body framing and its strict scanner, heads in and
 * out, hop-by-hop fields, error bodies, a lazy timer. A leaf: imports nothing of the gateway.
 */
package io.costoptimal.gateway.http;
