package io.costoptimal.gateway.exchange;

import io.netty.buffer.ByteBuf;

/** The bytes of a {@link HeldBody} for another thread than its own. Owned by one thread at a time; released once. */
public final class SharedBody implements BodyStart {

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

    @Override
    public int copyStart(byte[] into) {
        int n = Math.min(bytes.readableBytes(), into.length);
        bytes.getBytes(bytes.readerIndex(), into, 0, n);
        return n;
    }

    /** Any thread, once. */
    public void release() {
        bytes.release();
        body.letGo(taken);
    }
}
