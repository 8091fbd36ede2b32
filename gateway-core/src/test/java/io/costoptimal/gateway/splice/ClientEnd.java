package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.Exchange;
import io.netty.buffer.ByteBuf;

/** The client's end of a {@link Scene}, and what can happen there. */
interface ClientEnd {

    /**
     * Gives {@code exchange}, routed, to the relay.
     *
     * @param keepAlive whether the client wants to keep its connection
     */
    void enter(Exchange exchange, boolean keepAlive);

    /**
     * The client sends {@code piece} of its body, which is taken.
     *
     * @param last whether the body ends with it
     */
    void sends(ByteBuf piece, boolean last);

    /** What the client got of providers' answers, in the words of the kind of client it is. */
    String received();

    /** What the client got up to now is not told again. */
    void forget();

    /** How often something was sent to the client. */
    int flushes();

    /** What is sent to the client stays queued until {@link #takes}. */
    void slow();

    /** The client takes up to {@code bytes} of what is queued for it. */
    void takes(long bytes);

    /** Whether the client takes more, whatever is queued. */
    void writable(boolean writable);

    boolean isWritable();

    void leaves();

    /** What the client does within the end of its next exchange that is answered whole. */
    void atEnd(Runnable next);

    /** Something throws that must not. */
    void thrown(Throwable cause);

    /** Nothing is left over. */
    void close();
}
