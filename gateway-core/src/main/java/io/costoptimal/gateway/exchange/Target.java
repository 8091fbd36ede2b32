package io.costoptimal.gateway.exchange;

/**
 * What a request line asked for.
 *
 * @param operation the row of the table; {@code null} when there is none such, and then the request is refused
 * @param family the API the client speaks; differs from the operation's own only where both share a path
 * @param query the query string byte for byte, without the question mark; {@code null} when there was none
 * @param pathModel the model named by an Azure-style path or by {@code /v1/models/{id}}, percent-decoded; else {@code null}
 */
public record Target(Operation operation, ApiFamily family, String query, String pathModel) {}
