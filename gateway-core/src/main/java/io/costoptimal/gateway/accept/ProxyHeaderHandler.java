package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.RareWarning;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Stands first on a connection of a listener with the PROXY protocol: takes the header off, tells {@link Peer} of it, and goes.
 * A connection that begins with anything else, or is late, is closed without a word, as the protocol asks: it may be a client
 * that found the way past the proxy. Confined to the connection's event loop.
 */
public final class ProxyHeaderHandler extends ByteToMessageDecoder {

    private static final RareWarning REFUSED =
            new RareWarning(InternalLoggerFactory.getInstance(ProxyHeaderHandler.class));

    private final Peer peer;
    private final Duration patience;
    private Future<?> deadline;
    private boolean refused;

    /** @param patience how long the header may take from the start of the connection */
    public ProxyHeaderHandler(Peer peer, Duration patience) {
        this.peer = peer;
        this.patience = patience;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        deadline = ctx.executor()
                .schedule(() -> refuse(ctx, "no PROXY header in time"), patience.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    protected void handlerRemoved0(ChannelHandlerContext ctx) {
        deadline.cancel(false);
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
        if (refused) {
            in.skipBytes(in.readableBytes());
            return;
        }
        if (!peer.trusted()) {
            refuse(ctx, "not one of trusted_proxies");
            in.skipBytes(in.readableBytes());
            return;
        }
        try {
            ProxyHeader.Header header = ProxyHeader.read(in);
            if (header == null) {
                return;
            }
            if (header.source() != null) {
                peer.speaksFor(header.source());
            }
            // What is left goes on to the next handler.
            ctx.pipeline().remove(this);
        } catch (ProxyHeader.Malformed e) {
            refuse(ctx, e.getMessage());
            in.skipBytes(in.readableBytes());
        }
    }

    private void refuse(ChannelHandlerContext ctx, String why) {
        if (!refused && ctx.channel().isOpen()) {
            refused = true;
            REFUSED.log("proxy_header_refused address=" + peer.address() + " cause=\"" + why + "\"");
            ctx.close();
        }
    }
}
