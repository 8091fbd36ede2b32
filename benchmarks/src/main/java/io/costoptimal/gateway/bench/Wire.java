package io.costoptimal.gateway.bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.channel.embedded.EmbeddedChannel;

/**
 * A connection without a socket: what is received is copied into a new buffer, as a transport does; what is sent is counted
 * and dropped. Confined to one thread.
 */
public final class Wire extends EmbeddedChannel {

    /** The largest read of a transport. */
    private static final int READ = 64 * 1024;

    private long sent;

    /** @param handlers of the pipeline, in order */
    public Wire(ChannelHandler... handlers) {
        super(handlers);
        config().setAllocator(PooledByteBufAllocator.DEFAULT);
    }

    /** Delivers {@code bytes} as one event of readiness, in as few reads as they take. */
    public void receive(byte[] bytes) {
        for (int at = 0; at < bytes.length; at += READ) {
            int n = Math.min(READ, bytes.length - at);
            ByteBuf read = alloc().directBuffer(n).writeBytes(bytes, at, n);
            pipeline().fireChannelRead(read);
        }
        pipeline().fireChannelReadComplete();
    }

    @Override
    protected void handleOutboundMessage(Object message) {
        ByteBuf bytes = (ByteBuf) message;
        sent += bytes.readableBytes();
        bytes.release();
    }

    /** Bytes sent so far. */
    public long sent() {
        return sent;
    }
}
