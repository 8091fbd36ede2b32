package io.costoptimal.gateway.exchange;

import java.util.List;
import java.util.TreeSet;

/**
 * What is served at one path: an operation for each method, or two where both APIs have the path. Immutable, any thread.
 *
 * @param operations at least one, in the order of the table
 */
public record ServedPath(List<Operation> operations) {

    private static final String GET = "GET";
    private static final String HEAD = "HEAD";

    /**
     * The operation that a request is for; {@code null} when the path does not have {@code method}.
     *
     * @param family the API that the client speaks; decides where both have the path and the method
     */
    public Operation by(String method, ApiFamily family) {
        Operation found = null;
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            if (serves(operation, method) && (found == null || operation.family() == family)) {
                found = operation;
            }
        }
        return found;
    }

    /** One of the operations, of those in {@code family} if there are such. */
    public Operation any(ApiFamily family) {
        return operations.stream()
                .filter(operation -> operation.family() == family)
                .findFirst()
                .orElse(operations.get(0));
    }

    /** Whether it depends on the API that the client speaks what is served. */
    public boolean shared() {
        for (int i = 1; i < operations.size(); i++) {
            if (operations.get(i).family() != operations.get(0).family()) {
                return true;
            }
        }
        return false;
    }

    /** The methods that the path has, in the order of the alphabet, as {@code Allow} lists them. */
    public String allowed() {
        TreeSet<String> methods = new TreeSet<>();
        for (Operation operation : operations) {
            methods.add(operation.method());
            if (serves(operation, HEAD)) {
                methods.add(HEAD);
            }
        }
        return String.join(", ", methods);
    }

    /** What the gateway answers itself, it answers to HEAD as well (RFC 9110, 9.3.2); providers are asked what clients ask. */
    private static boolean serves(Operation operation, String method) {
        return method.equals(operation.method())
                || method.equals(HEAD) && operation.method().equals(GET) && !operation.proxied();
    }

    /** Whether one of the operations has the method and the API of {@code row}. */
    boolean has(Operation row) {
        return operations.stream().anyMatch(one -> one.method().equals(row.method()) && one.family() == row.family());
    }
}
