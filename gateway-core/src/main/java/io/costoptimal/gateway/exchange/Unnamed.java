package io.costoptimal.gateway.exchange;

/**
 * A request that names no model, as far as it decides where that request goes.
 *
 * @param operation what is asked for
 * @param caller who asks
 * @param owner the provider that keeps the objects that the request is about; {@code null} when none is known
 */
public record Unnamed(Operation operation, Principal caller, String owner) {}
