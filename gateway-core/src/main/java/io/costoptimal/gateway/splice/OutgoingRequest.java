package io.costoptimal.gateway.splice;

import io.costoptimal.gateway.exchange.BodyEdit;
import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.HeldBody;
import io.costoptimal.gateway.upstream.RequestEdits;
import io.costoptimal.gateway.upstream.RequestHead;
import io.costoptimal.gateway.upstream.UpstreamConnection;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.util.List;

/**
 * Sends an exchange's request to one candidate: head and body in one flush, the body byte for byte as the client sent it,
 * except for its {@link RequestEdits}. Stateless.
 */
final class OutgoingRequest {

    /** A body of at most so many bytes is copied behind the head: cheaper than a second buffer in the same write. */
    private static final int MAX_JOINED = 4096;

    private OutgoingRequest() {}

    /** @param connection borrowed; may turn out to be closed on the way, which its reader is told then */
    static void send(UpstreamConnection connection, Exchange exchange, ByteBufAllocator alloc) {
        Candidate candidate = exchange.candidate();
        HeldBody body = exchange.body();
        List<BodyEdit> edits = RequestEdits.of(exchange, candidate);
        int length = body == null ? 0 : body.lengthWith(edits);
        boolean joined = length <= MAX_JOINED;
        long announced = length == 0 && announcesNoBody(exchange) ? RequestHead.NO_BODY : length;
        ByteBuf head = RequestHead.write(alloc, exchange, candidate, announced, joined ? length : 0);
        if (joined) {
            join(head, body, edits);
            connection.write(head);
        } else {
            connection.write(head);
            body.copyForWrite(edits).forEach(connection::write);
        }
        connection.flush();
    }

    /** Whether the client's head has nothing of a body in it, as that of a GET has not (RFC 9110, 8.6). */
    private static boolean announcesNoBody(Exchange exchange) {
        HttpHeaders headers = exchange.request().headers();
        return !headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                && !headers.contains(HttpHeaderNames.TRANSFER_ENCODING)
                && !expectsBody(exchange.method());
    }

    /**
     * Whether a request without a body should say so, whatever the client did (RFC 9110, 8.6): there are servers that answer 411
     * otherwise, and clients of HTTP/2 need no length to say it.
     */
    static boolean expectsBody(String method) {
        return method.equals("POST") || method.equals("PUT") || method.equals("PATCH");
    }

    /** Copies the body behind {@code head}, which is released if that fails. */
    private static void join(ByteBuf head, HeldBody body, List<BodyEdit> edits) {
        try {
            if (body != null) {
                body.copyTo(head, edits);
            }
        } catch (Throwable e) {
            head.release();
            throw e;
        }
    }
}
