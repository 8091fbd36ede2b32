package io.costoptimal.gateway;

import io.costoptimal.gateway.exchange.BudgetLevel;
import io.costoptimal.gateway.exchange.ExchangeState;
import io.costoptimal.gateway.upstream.PoolCounts;
import java.util.Map;

/**
 * A glance at what the engine holds, all event loops together. Immutable; each figure is right, but they are not of one
 * moment.
 *
 * @param inFlight running exchanges by how far they have come; every state but {@link ExchangeState#ENDED} has an entry
 * @param upstream connections to providers
 * @param memory what is held of requests and answers
 * @param counting bodies whose tokens are counted
 * @param floods connections from clients that were ended since the engine began, because they did nothing but cost
 */
public record EngineCounts(
        Map<ExchangeState, Integer> inFlight, PoolCounts upstream, Memory memory, Counting counting, Floods floods) {

    public EngineCounts {
        inFlight = Map.copyOf(inFlight);
    }

    /**
     * What is held, each kind within a limit of its own.
     *
     * @param heads of requests that have not come whole
     * @param bodies of requests
     * @param largeBodies those of them that are longer than {@link io.costoptimal.gateway.exchange.HeldBody#SHORT}
     * @param keptAnswers error answers kept while other candidates are tried
     */
    public record Memory(BudgetLevel heads, BudgetLevel bodies, BudgetLevel largeBodies, BudgetLevel keptAnswers) {}

    /**
     * Bodies at the counting threads.
     *
     * @param waiting for a thread
     * @param running on one
     */
    public record Counting(int waiting, int running) {}

    /**
     * Connections by HTTP/2, by what there was too much of.
     *
     * @param frames that no request consists of, such as PING and SETTINGS
     * @param resets streams that ended before they were answered
     * @param heads pieces of one head
     */
    public record Floods(long frames, long resets, long heads) {}

    /**
     * Requests about objects that providers keep, by whose the objects were found to be; see {@link Gateway#ownerLookUps}.
     *
     * @param own all of them the key's own
     * @param shared the key may get at what others have made
     * @param unknown nobody is known who has made one
     * @param anothers another key has made one
     * @param failed it could not be found out
     */
    public record OwnerLookUps(long own, long shared, long unknown, long anothers, long failed) {}
}
