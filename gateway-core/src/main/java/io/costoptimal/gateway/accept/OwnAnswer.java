package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.DateField;
import io.costoptimal.gateway.http.ResponseHead.Persistence;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/**
 * Answers of the gateway's own, as the bytes that an HTTP/1 client gets. Stateless. Each carries the exchange's id under the
 * names that the clients of its API look for.
 */
final class OwnAnswer {

    private static final int HEAD_SIZE = 256;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private OwnAnswer() {}

    /** Returns the interim answer that asks for the body. */
    static ByteBuf proceed() {
        return Unpooled.wrappedBuffer(CONTINUE);
    }

    /** Returns {@code answer}, head and body; its body counts for the exchange. */
    static ByteBuf of(ByteBufAllocator alloc, Http1Client client, LocalAnswer answer) {
        Exchange exchange = client.exchange();
        ByteBuf out = alloc.buffer(HEAD_SIZE + answer.body().length);
        try {
            head(out, client, answer);
            answer.headers().forEach((name, value) -> field(out, name, value));
            ascii(out, "\r\n");
            // A HEAD is told the length of what it would have got, and gets nothing (RFC 9110, 9.3.2).
            if (!exchange.method().equals("HEAD")) {
                out.writeBytes(answer.body());
                exchange.addResponseBytes(answer.body().length);
            }
            return out;
        } catch (Throwable e) {
            out.release();
            throw e;
        }
    }

    private static void head(ByteBuf out, Http1Client client, LocalAnswer answer) {
        Exchange exchange = client.exchange();
        ascii(out, "HTTP/1.1 ");
        ascii(out, HttpResponseStatus.valueOf(answer.status()).toString());
        ascii(out, "\r\n");
        DateField.write(out, System.currentTimeMillis());
        // A 204 has neither a body nor a length (RFC 9110, 8.6).
        if (answer.status() != HttpResponseStatus.NO_CONTENT.code()) {
            field(out, "content-type", answer.contentType());
            field(out, "content-length", Integer.toString(answer.body().length));
        }
        if (client.answerFields() != null) {
            out.writeBytes(client.answerFields());
        }
        field(out, "x-request-id", exchange.id());
        if (exchange.target().family() == ApiFamily.ANTHROPIC) {
            field(out, "request-id", exchange.id());
        }
        if (client.persistence() == Persistence.CLOSE) {
            field(out, "connection", "close");
        } else if (client.persistence() == Persistence.KEEP_ALIVE) {
            field(out, "connection", "keep-alive");
        }
    }

    private static void field(ByteBuf out, String name, String value) {
        ascii(out, name);
        ascii(out, ": ");
        ascii(out, value);
        ascii(out, "\r\n");
    }

    private static void ascii(ByteBuf out, String text) {
        ByteBufUtil.writeAscii(out, text);
    }
}
