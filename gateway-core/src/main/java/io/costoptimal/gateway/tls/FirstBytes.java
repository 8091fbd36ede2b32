package io.costoptimal.gateway.tls;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.util.concurrent.Future;
import java.util.List;

/**
 * Reads a connection until it knows which name the client asks for by SNI (RFC 6066 section 3), and leaves every byte for the
 * handshake. Who speaks plain HTTP is told so in plain HTTP. Confined to the event loop of the connection.
 */
final class FirstBytes extends AbstractSniHandler<Void> {

    private static final int HANDSHAKE = 22; // ContentType of RFC 8446 section 5.1
    private static final int MAX_HELLO = 16 * 1024;

    private final TlsStart start;
    private boolean tls;
    private boolean refused;

    FirstBytes(TlsStart start) {
        super(MAX_HELLO, 0); // the deadline is for all of the start
        this.start = start;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) throws Exception {
        if (refused) {
            in.skipBytes(in.readableBytes());
        } else if (tls || in.getUnsignedByte(in.readerIndex()) == HANDSHAKE) {
            tls = true;
            super.decode(ctx, in, out);
        } else {
            refused = true;
            boolean http = looksLikeHttp(in);
            in.skipBytes(in.readableBytes());
            start.notTls(http);
            if (http) {
                PlainHttpRefusal.send(ctx);
            } else {
                ctx.close();
            }
        }
    }

    /** Whether this begins with what may be a method: letters, and then a blank if that much has come. */
    private static boolean looksLikeHttp(ByteBuf in) {
        int at = in.readerIndex();
        while (at < in.writerIndex()) {
            byte b = in.getByte(at);
            if (b == ' ') {
                return at > in.readerIndex();
            }
            if ((b < 'A' || b > 'Z') && (b < 'a' || b > 'z') && b != '-') {
                return false;
            }
            at++;
        }
        return true;
    }

    @Override
    protected Future<Void> lookup(ChannelHandlerContext ctx, String hostname) {
        return ctx.executor().newSucceededFuture(null);
    }

    @Override
    protected void onLookupComplete(ChannelHandlerContext ctx, String hostname, Future<Void> future) throws Exception {
        start.hello(ctx, name(hostname));
    }

    /** Without the dot of the root, and {@code null} for what is empty. */
    private static String name(String hostname) {
        if (hostname == null) {
            return null;
        }
        String name = hostname.endsWith(".") ? hostname.substring(0, hostname.length() - 1) : hostname;
        return name.isEmpty() ? null : name;
    }
}
