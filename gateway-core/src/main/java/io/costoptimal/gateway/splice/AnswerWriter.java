package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.http.PayloadSink;
import io.costoptimal.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;

/**
 * How one provider's answer becomes the client's. {@link Verbatim} hands it on as it came; another writer may send something
 * else instead. Confined to the event loop of the exchange.
 *
 * <p>Every piece is first scanned, which feeds the writer's {@link #sink}, and then either written or dropped.
 */
interface AnswerWriter {

    /** Sees the payload of each piece before the piece is written; {@code null} when the writer does not look into it. */
    PayloadSink sink();

    /**
     * Writes the head, and what of the body came with it.
     *
     * @param head complete; borrowed for the length of this call
     * @param piece takes; scanned last, goes on behind the head
     * @param length how many of its bytes belong to the body
     */
    void begin(ResponseHead head, ByteBuf piece, int length);

    /**
     * Writes the next of the body.
     *
     * @param piece takes; scanned last
     * @param length how many of its bytes belong to the body
     */
    void body(ByteBuf piece, int length);

    /** Lets go of what was scanned and will not be written. */
    void drop();
}
