/**
 * The clients' side by HTTP/1: requests are decoded strictly, their framing is guarded, and each connection runs one
 * exchange at a time.
 *
 * <p>Read {@link io.costoptimal.gateway.accept.Http1Connection} first: it is the machine of one connection.
 * {@link io.costoptimal.gateway.accept.RequestDecoder} stands before it, {@code Http1Client} writes what is answered, and
 * {@link io.costoptimal.gateway.accept.LocalStage} answers what no provider is asked for. Imports leaves and {@code stage}.
 */
package io.costoptimal.gateway.accept;
