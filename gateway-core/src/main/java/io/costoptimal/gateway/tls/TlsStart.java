package io.costoptimal.gateway.tls;

import io.costoptimal.gateway.exchange.ClientCertificate;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.Future;
import io.netty.util.internal.logging.InternalLogger;
import io.netty.util.internal.logging.InternalLoggerFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * The start of one connection over TLS: from its first byte, by the name it asks for, to the end of the handshake; then whoever
 * speaks over it is put in this handler's place. A start that fails is counted, and its connection is closed. Confined to the
 * event loop of the connection.
 */
public final class TlsStart extends ChannelInboundHandlerAdapter {

    private static final InternalLogger LOG = InternalLoggerFactory.getInstance(TlsStart.class);

    private final ServerTls tls;
    private final Handshakes handshakes;
    private final Next next;

    private ChannelHandlerContext ctx;
    private Future<?> deadline;
    private SslHandler handler;
    private String serverName;
    private boolean over;
    /** Told to the connection meanwhile, for whoever speaks over it then. */
    private final List<Object> events = new ArrayList<>(1);

    /** What follows a handshake. */
    public interface Next {

        /** It has succeeded: adds the handlers of the protocol. No byte was read before this returns. */
        void secured(Secured secured);

        /** Whether {@code event}, which came to the connection's pipeline, ends a connection that is not as far yet. */
        boolean isEnd(Object event);
    }

    private TlsStart(ServerTls tls, Handshakes handshakes, Next next) {
        this.tls = tls;
        this.handshakes = handshakes;
        this.next = next;
    }

    /**
     * Has {@code channel} begin with a handshake.
     *
     * @param next hears of it on the channel's event loop
     */
    public static void add(Channel channel, ServerTls tls, Handshakes handshakes, Next next) {
        TlsStart start = new TlsStart(tls, handshakes, next);
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("tls", new FirstBytes(start));
        pipeline.addLast("tls-start", start);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
        deadline = ctx.executor()
                .schedule(
                        () -> failed(HandshakeFailure.TIMEOUT, null),
                        handshakes.patience().toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    /** The client has said which name it asks for, and is to be answered with a certificate. */
    void hello(ChannelHandlerContext first, String name) throws Exception {
        if (over) {
            return;
        }
        if (!handshakes.begin()) {
            failed(HandshakeFailure.OVERLOAD, null);
            return;
        }
        serverName = name;
        try {
            handler = tls.handler(name, first.alloc());
            first.pipeline().replace(first.name(), "tls", handler);
        } catch (Exception e) {
            if (handler == null) {
                handshakes.ended();
            }
            failed(HandshakeFailure.OTHER, e);
        }
    }

    /** The client does not speak TLS; it was answered, if there is an answer. */
    void notTls(boolean http) {
        count(http ? HandshakeFailure.PLAIN_HTTP : HandshakeFailure.NOT_TLS, null);
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof SslHandshakeCompletionEvent done)) {
            if (next.isEnd(event)) {
                failed(HandshakeFailure.LEFT, null);
            } else if (over) {
                // Of whoever speaks now, and ends the connection because of an event that was kept.
                ctx.fireUserEventTriggered(event);
            } else {
                events.add(event);
            }
        } else if (!done.isSuccess()) {
            // The handler below says why in an alert, and then closes.
            count(HandshakeFailure.of(done.cause()), done.cause());
        } else if (!over) {
            succeeded();
        }
    }

    private void succeeded() {
        SSLSession session = handler.engine().getSession();
        ClientCertificate certificate = certificate(session);
        if (certificate != null && certificate.expiresAtMillis() < System.currentTimeMillis()) {
            // Of a session that resumes, nobody else looks at the certificate again.
            failed(HandshakeFailure.CLIENT_CERTIFICATE, null);
            return;
        }
        ended();
        String version = session.getProtocol();
        tls.succeeded(version);
        next.secured(new Secured(serverName, certificate, handler.applicationProtocol(), version));
        events.forEach(ctx::fireUserEventTriggered);
        ctx.pipeline().remove(this);
    }

    private static ClientCertificate certificate(SSLSession session) {
        try {
            return ClientCertificate.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException none) {
            return null;
        }
    }

    /** Ends the start, whether the handshake has succeeded or not. Counts nothing: the caller does, and does so once. */
    private void ended() {
        if (!over) {
            over = true;
            deadline.cancel(false);
            if (handler != null) {
                handshakes.ended();
            }
        }
    }

    private void count(HandshakeFailure failure, Throwable cause) {
        if (!over) {
            ended();
            tls.failed(failure);
            LOG.debug(
                    "tls_start_failed reason={} address={}",
                    failure,
                    ctx.channel().remoteAddress(),
                    cause);
        }
    }

    private void failed(HandshakeFailure failure, Throwable cause) {
        count(failure, cause);
        // Below TLS, which would take its time to say that it is over.
        ctx.pipeline().firstContext().close();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object msg) {
        // Nothing is let through before the handshake has succeeded.
        ((ByteBuf) msg).release();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        count(HandshakeFailure.LEFT, null);
        ctx.fireChannelInactive();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        ended();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        failed(HandshakeFailure.of(cause), cause);
    }
}
