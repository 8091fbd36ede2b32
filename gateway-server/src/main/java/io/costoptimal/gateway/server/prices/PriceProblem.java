package io.costoptimal.gateway.server.prices;

/**
 * What is wrong with a file of prices.
 *
 * @param file its name
 * @param line from 1
 * @param col from 1
 * @param message what is wrong, and what was expected
 */
public record PriceProblem(String file, int line, int col, String message) {

    /** {@code file:line:col: message}. */
    @Override
    public String toString() {
        return file + ':' + line + ':' + col + ": " + message;
    }
}
