/**
 * The first stage: requests are decoded strictly, their framing is guarded, and each connection runs one exchange at a
 * time.
 *
 * <p>Read {@link io.costoptimal.gateway.accept.ClientConnection} first: it is the machine of one connection and the one
 * writer of the gateway's own answers. {@link io.costoptimal.gateway.accept.RequestDecoder} stands before it,
 * {@link io.costoptimal.gateway.accept.LocalHandler} answers what no provider is asked for. Imports leaves only.
 */
package io.costoptimal.gateway.accept;
