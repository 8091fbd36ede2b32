package io.costoptimal.gateway.server.simulator;

/**
 * A line of the provider's own books: one request, and what became of it.
 *
 * @param request as it came
 * @param status of the answer; 0 when not even its head went out
 * @param bill what the answer is billed for when it is whole; {@code null} when it is an error
 * @param sent how much of the answer went out
 */
public record Sold(SeenRequest request, int status, Bill bill, Sent sent) {

    /**
     * How much of an answer went out.
     *
     * @param opened whether its head did, and what comes before the first piece of text
     * @param fragments pieces of text that did
     * @param whole whether all of it did
     */
    public record Sent(boolean opened, int fragments, boolean whole) {}
}
