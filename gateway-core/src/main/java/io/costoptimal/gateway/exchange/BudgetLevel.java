package io.costoptimal.gateway.exchange;

/**
 * A budget of bytes at a moment.
 *
 * @param held in bytes
 * @param limit in bytes
 */
public record BudgetLevel(long held, long limit) {}
