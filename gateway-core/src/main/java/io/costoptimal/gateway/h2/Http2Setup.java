package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.accept.RequestHeads;
import io.costoptimal.gateway.exchange.BodyMemory;
import io.costoptimal.gateway.exchange.ByteBudget;
import io.costoptimal.gateway.exchange.Limits;
import io.costoptimal.gateway.exchange.Timeouts;
import io.costoptimal.gateway.stage.ClientSide;
import io.costoptimal.gateway.stage.ExchangeRunner;
import io.netty.handler.codec.http2.DefaultHttp2Connection;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionDecoder;
import io.netty.handler.codec.http2.DefaultHttp2ConnectionEncoder;
import io.netty.handler.codec.http2.DefaultHttp2FrameReader;
import io.netty.handler.codec.http2.DefaultHttp2FrameWriter;
import io.netty.handler.codec.http2.DefaultHttp2HeadersDecoder;
import io.netty.handler.codec.http2.DefaultHttp2RemoteFlowController;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2ConnectionDecoder;
import io.netty.handler.codec.http2.Http2ConnectionEncoder;
import io.netty.handler.codec.http2.Http2FrameReader;
import io.netty.handler.codec.http2.Http2PromisedRequestVerifier;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.UniformStreamByteDistributor;
import java.util.function.Function;

/**
 * What every connection by HTTP/2 is told and held to, whatever its client says or acknowledges. Immutable; makes the
 * connections of all event loops.
 *
 * @param limits of heads, and of connections
 * @param timeouts what clients must keep up with
 * @param bodies memory for bodies, which windows may grow into
 * @param unread memory for what has come of clients whose key is not known yet
 * @param floods told of connections that end by them
 */
public record Http2Setup(
        Limits limits, Timeouts.Client timeouts, BodyMemory bodies, ByteBudget unread, FloodCounts floods) {

    /** Streams that may be open on one connection at a time (RFC 9113, 6.5.2). */
    public static final int STREAMS = 100;

    /** Bytes that a client may send of one body before the gateway has taken any, to begin with (RFC 9113, 6.9.2). */
    static final int STREAM_WINDOW = 64 * 1024;

    /** The same for all bodies of a connection together, once one of its requests was authorised. */
    static final int CONNECTION_WINDOW = 1024 * 1024;

    /** What each field counts beside its bytes (RFC 9113, 6.5.2). */
    private static final int FIELD_OVERHEAD = 32;

    /** Frames of a head that are short, and not its last: more are a flood. */
    private static final int SHORT_CONTINUATIONS = 16;

    /** Returns the handler of a new connection, which is the last of its pipeline. */
    public Http2ClientConnection connection(RequestHeads requests, Function<ClientSide, ExchangeRunner> runners) {
        Http2Connection connection = new DefaultHttp2Connection(true, 0);
        allowOneTooMany(connection);
        // In turns, whatever clients say of priorities, which RFC 9113, 5.3 leaves to servers.
        connection
                .remote()
                .flowController(
                        new DefaultHttp2RemoteFlowController(connection, new UniformStreamByteDistributor(connection)));
        TableSize table = new TableSize();
        Http2ConnectionEncoder encoder =
                new DefaultHttp2ConnectionEncoder(connection, new DefaultHttp2FrameWriter(table));
        Http2FrameReader reader =
                new DefaultHttp2FrameReader(new DefaultHttp2HeadersDecoder(true, headerList()), SHORT_CONTINUATIONS);
        Http2ConnectionDecoder decoder = new DefaultHttp2ConnectionDecoder(
                connection, encoder, reader, Http2PromisedRequestVerifier.ALWAYS_VERIFY, true, true, true, true);
        return new Http2ClientConnection(
                new Http2ClientConnection.Codec(decoder, encoder, settings(), table), this, requests, runners);
    }

    /**
     * One stream too many is opened, and refused then: what follows for a stream that was never opened is an error of the
     * connection to Netty, and the client may have sent it before it knew.
     */
    static void allowOneTooMany(Http2Connection connection) {
        connection.remote().maxActiveStreams(STREAMS + 1);
    }

    private Http2Settings settings() {
        return new Http2Settings()
                .maxConcurrentStreams(STREAMS)
                .initialWindowSize(STREAM_WINDOW)
                .maxFrameSize(Frames.MAX_PAYLOAD)
                .maxHeaderListSize(headerList());
    }

    /** The lines of a head by HTTP/1.1, as RFC 9113 counts them. */
    private int headerList() {
        Limits.Head head = limits.head();
        return head.line() + head.bytes() + head.count() * FIELD_OVERHEAD;
    }
}
