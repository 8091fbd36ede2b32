package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;

/** Writes the fields that the gateway adds to an answer which it relays. */
@FunctionalInterface
public interface AddedFields {

    /** Adds nothing. */
    AddedFields NONE = out -> {};

    /**
     * Appends whole field lines, each with its CRLF; called once or twice for one head, and appends the same each time.
     *
     * @param out borrowed
     */
    void writeTo(ByteBuf out);
}
