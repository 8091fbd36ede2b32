package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.accept.RequestHeads;
import io.costoptimal.gateway.accept.Targets;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.FramingGuard.Violation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2EventAdapter;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2Settings;
import io.netty.handler.codec.http2.Http2Stream;

/** What the client of one connection sends, after Netty has judged it. Confined to the connection's event loop. */
final class ClientFrames extends Http2EventAdapter {

    private final Http2ClientConnection connection;
    private final StreamClients clients;
    private final RequestHeads requests;
    private final RequestFields fields;

    ClientFrames(Http2ClientConnection connection, StreamClients clients, RequestHeads requests, RequestFields fields) {
        this.connection = connection;
        this.clients = clients;
        this.requests = requests;
        this.fields = fields;
    }

    @Override
    public void onHeadersRead(ChannelHandlerContext ctx, int id, Http2Headers headers, int padding, boolean ends)
            throws Http2Exception {
        Http2Stream stream = connection.connection().stream(id);
        Http2Client client = clients.of(stream);
        if (client != null) {
            // Trailers, of which no provider gets any (RFC 9110, 6.5.1).
            client.arrived(Unpooled.EMPTY_BUFFER, true);
            return;
        }
        if (connection.connection().numActiveStreams() > Http2Setup.STREAMS) {
            connection.guard().reset();
            connection.reset(stream, Http2Error.REFUSED_STREAM);
            return;
        }
        RequestFields.Read read = fields.read(headers, ends);
        Exchange exchange = requests.exchange(read.request() == null ? RequestHeads.unread() : read.request());
        clients.begin(stream, exchange, refusal(read.violation(), exchange), ends);
    }

    private Rejection refusal(Violation violation, Exchange exchange) {
        if (violation != null) {
            return RequestHeads.refusal(violation);
        }
        Rejection misdirected = requests.misdirected(exchange.request());
        return misdirected == null
                ? Targets.refusal(
                        exchange.request(), exchange.target(), exchange.policy().operations())
                : misdirected;
    }

    @Override
    public void onHeadersRead(
            ChannelHandlerContext ctx,
            int id,
            Http2Headers headers,
            int dependency,
            short weight,
            boolean exclusive,
            int padding,
            boolean ends)
            throws Http2Exception {
        onHeadersRead(ctx, id, headers, padding, ends);
    }

    @Override
    public int onDataRead(ChannelHandlerContext ctx, int id, ByteBuf data, int padding, boolean ends) {
        Http2Client client = clients.of(connection.connection().stream(id));
        if (client == null) {
            return data.readableBytes() + padding;
        }
        return padding + client.arrived(data.readRetainedSlice(data.readableBytes()), ends);
    }

    @Override
    public void onRstStreamRead(ChannelHandlerContext ctx, int id, long code) {
        Http2Client client = clients.of(connection.connection().stream(id));
        if (client != null && client.unanswered()) {
            connection.guard().reset();
        }
    }

    @Override
    public void onSettingsAckRead(ChannelHandlerContext ctx) {
        Http2Setup.allowOneTooMany(connection.connection());
    }

    @Override
    public void onPingAckRead(ChannelHandlerContext ctx, long data) {
        connection.timers().answered(data);
    }

    @Override
    public void onSettingsRead(ChannelHandlerContext ctx, Http2Settings settings) {
        connection.timers().begun();
    }
}
