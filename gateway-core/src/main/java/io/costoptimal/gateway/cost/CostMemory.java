package io.costoptimal.gateway.cost;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Decision;
import io.costoptimal.gateway.exchange.ExchangeReport;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.RoutingFacts;
import io.costoptimal.gateway.exchange.Usage;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * What choices know of requests before: how long answers are, and who has a conversation in its cache. Lives as long as the
 * process, whatever configuration is loaded meanwhile. Any thread, without a lock.
 *
 * <p>Whoever makes one tells it of exchanges by {@link #exchangeEnded}; untold, it expects what is usual.
 */
public final class CostMemory {

    /** For whoever has nobody to tell it of exchanges. */
    public static final CostMemory UNTOLD = new CostMemory(() -> 0);

    private static final ThreadLocal<byte[]> START = ThreadLocal.withInitial(() -> new byte[Conversations.START]);

    private final OutputLengths lengths = new OutputLengths();
    private final Conversations conversations;

    /** @param clock milliseconds that only go forward, from whatever start */
    public CostMemory(LongSupplier clock) {
        conversations = new Conversations(clock);
    }

    /** See {@link OutputLengths#expected}; -1 for no entry. */
    public long expectedOutput(String entry, String key) {
        return entry == null ? -1 : lengths.expected(entry, key);
    }

    /** See {@link Conversations#number}. */
    public long conversation(RoutingFacts.Caller caller) {
        byte[] start = START.get();
        return conversations.number(caller.key(), start, caller.start().copyStart(start));
    }

    /** See {@link Conversations#warm}. */
    public Demand.Warm warm(long conversation, List<Candidate> listed, RoutingFacts facts) {
        return conversations.warm(
                conversation, listed, facts.model(), facts.body().bytes());
    }

    /**
     * Remembers what {@code exchange} used, if its answer came to its end. There is no use in telling what no choice and no
     * rule will ask for.
     */
    public void exchangeEnded(ExchangeReport exchange) {
        Decision decision = exchange.decision();
        if (decision == null) {
            return;
        }
        Usage usage = exchange.usage();
        if (usage == null || exchange.outcome() != Outcome.COMPLETED || exchange.status() >= 400) {
            return;
        }
        if (decision.entry() != null) {
            lengths.learn(
                    decision.entry(),
                    exchange.principal().name(),
                    usage.output().tokens());
        }
        conversations.answered(
                decision.choice().conversation(),
                exchange.candidate(),
                exchange.modelSent(),
                exchange.facts().bytes(),
                usage.input());
    }
}
