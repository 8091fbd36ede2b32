package io.costoptimal.gateway.exchange;

/**
 * An attempt whose usage the provider did not tell, or not all of it, and what is needed to count it once the exchange is
 * over. Immutable, but for the text, which is to be released once.
 *
 * @param attempt its place among the attempts of its exchange, from 0
 * @param operation what the provider was asked for
 * @param model as the provider got it; {@code null} when the request names none
 * @param told what was told, with {@link Accounted#raw}
 * @param text of the answer; {@code null} when there was no answer
 */
public record Uncounted(int attempt, Operation operation, String model, Accounted told, SeenText text) {}
