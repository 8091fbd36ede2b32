/**
 * The way of an exchange, without a wire: the {@link io.costoptimal.gateway.stage.Stage stages} it passes, what runs it
 * through them, and the {@link io.costoptimal.gateway.stage.ClientSide client} as all of them see it.
 *
 * <p>Imports {@code exchange} and {@code http} only. Nothing here, and nothing in a stage, knows a channel, a socket option,
 * or how an answer is spelled on the client's connection.
 */
package io.costoptimal.gateway.stage;
