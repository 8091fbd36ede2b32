package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;

/** Sees the payload of a body that is passed on verbatim: the bytes without the chunk framing around them. */
@FunctionalInterface
public interface PayloadSink {

    /**
     * Looks at some payload.
     *
     * @param buf borrowed; neither kept nor changed, indices included
     * @param index absolute index of the first byte
     * @param length number of bytes, at least 1
     */
    void payload(ByteBuf buf, int index, int length);

    /** No more payload comes, whether or not that was all; lets go of whatever is held. Once. */
    default void over() {}
}
