package io.costoptimal.gateway.stage;

import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Outcome;
import io.netty.buffer.ByteBuf;

/**
 * One step on the way of every exchange. Confined to the event loop of the exchange, unless it is stateless and shared.
 *
 * <p>The stage at which an exchange stands has it until it calls {@link Run#next}, or until the exchange is over; there may
 * be other exchanges after it, one at a time.
 */
public interface Stage {

    /** {@code exchange} has come here; its head is read, its body may not have begun. */
    void enter(Exchange exchange, Run run);

    /**
     * Takes {@code piece}, the next of the body of the exchange that stands here.
     *
     * @param last whether the body ends with it; it may be empty
     */
    default void body(ByteBuf piece, boolean last) {
        piece.release();
    }

    /** The client takes more again, or no more. Idempotent, and may come within any call to the client. */
    default void clientWritabilityChanged() {}

    /** The exchange that stands here has taken longer than any may. Unless this finishes it, the run refuses it. */
    default void overdue() {}

    /**
     * The exchange that stands here is over, whoever finished it: lets go of everything that was held for it. Once for each
     * exchange, before the client is told of the end.
     *
     * @param outcome how it ends
     */
    default void over(Outcome outcome) {}

    /** The client is gone for good, after the last exchange was over: no other will come. */
    default void close() {}
}
