package io.costoptimal.gateway.exchange;

import io.costoptimal.gateway.exchange.Operation.ModelPlace;

/**
 * What a request line asked for.
 *
 * @param operation the row of the table; {@code null} when there is none such, and then the request is refused
 * @param family the API the client speaks; differs from the operation's own only where both share a path
 * @param query the query string byte for byte, without the question mark; {@code null} when there was none
 * @param parameter what the path has in the place of its parameter, percent-decoded: a model, Azure's name of a deployment,
 *     or whatever an operation of somebody else's has there; {@code null} when the path has none
 */
public record Target(Operation operation, ApiFamily family, String query, String parameter) {

    /** The model that the path names; {@code null} when it names none. */
    public String pathModel() {
        return operation == null || operation.model() == ModelPlace.NONE ? null : parameter;
    }
}
