package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** The bytes of a {@link HeldBody} for another thread than its own. Owned by one thread at a time; released once. */
public final class SharedBody {

    private final ByteBuf bytes;
    private final HeldBody body;
    private final int taken;

    /** Takes {@code bytes}, for which {@code body} has taken memory. */
    SharedBody(ByteBuf bytes, HeldBody body, int taken) {
        this.bytes = bytes;
        this.body = body;
        this.taken = taken;
    }

    /** All of the body; borrowed until {@link #release}. */
    public ByteBuf bytes() {
        return bytes;
    }

    /** Any thread, once. */
    public void release() {
        bytes.release();
        body.letGo(taken);
    }
}
