package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** Looks at a request's body as it arrives, piece after piece. Confined to the event loop of its exchange. */
@FunctionalInterface
public interface BodyCheck {

    /**
     * Looks at the next piece, before a provider gets it.
     *
     * @param piece borrowed; its indices stay where they are
     * @param last whether the body ends with it
     * @return why the request is refused; {@code null} when it is not
     */
    Rejection next(ByteBuf piece, boolean last);
}
