package io.costoptimal.gateway.accept;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.Outcome;
import io.costoptimal.gateway.exchange.Rejection;
import io.costoptimal.gateway.http.DateField;
import io.costoptimal.gateway.http.ErrorBodies;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Answers of the gateway's own, as bytes. Stateless.
 *
 * <p>Each carries the exchange's id under the names that the clients of its API look for; a refusal that a retry cannot turn
 * says so, because the official clients otherwise repeat every 409, 429 and 5xx.
 */
final class OwnAnswer {

    private static final int HEAD_SIZE = 256;

    private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private OwnAnswer() {}

    /** Returns {@code rejection} in the shape of the client's API, head and body. */
    static ByteBuf of(ByteBufAllocator alloc, Exchange exchange, Rejection rejection) {
        byte[] body = exchange.target().family() == ApiFamily.ANTHROPIC
                ? ErrorBodies.anthropic(rejection.message(), rejection.anthropicType(), exchange.id())
                : ErrorBodies.openAi(rejection.message(), rejection.openAiType(), rejection.param(), rejection.code());
        ByteBuf out = alloc.buffer(HEAD_SIZE + body.length);
        try {
            head(out, exchange, rejection.status(), "application/json", body);
            if (!rejection.retryable() && rejection.header(Rejection.SHOULD_RETRY) == null) {
                field(out, Rejection.SHOULD_RETRY, "false");
            }
            fields(out, rejection.headers());
            return end(out, exchange, body);
        } catch (Throwable e) {
            out.release();
            throw e;
        }
    }

    /** How an exchange ends that is answered by {@code rejection}. */
    static Outcome outcome(Exchange refused, Rejection rejection) {
        if (rejection.status() == 500) {
            return Outcome.GATEWAY_ERROR;
        }
        return refused.failure() == null ? Outcome.REJECTED : Outcome.UPSTREAM_FAILED;
    }

    /** Returns the interim answer that asks for the body. */
    static ByteBuf proceed() {
        return Unpooled.wrappedBuffer(CONTINUE);
    }

    /** Returns {@code answer}, head and body. */
    static ByteBuf of(ByteBufAllocator alloc, Exchange exchange, LocalAnswer answer) {
        ByteBuf out = alloc.buffer(HEAD_SIZE + answer.body().length);
        try {
            head(out, exchange, answer.status(), answer.contentType(), answer.body());
            fields(out, answer.headers());
            return end(out, exchange, answer.body());
        } catch (Throwable e) {
            out.release();
            throw e;
        }
    }

    private static void head(ByteBuf out, Exchange exchange, int status, String type, byte[] body) {
        ascii(out, "HTTP/1.1 ");
        ascii(out, HttpResponseStatus.valueOf(status).toString());
        ascii(out, "\r\n");
        DateField.write(out, System.currentTimeMillis());
        // A 204 has neither a body nor a length (RFC 9110, 8.6).
        if (status != HttpResponseStatus.NO_CONTENT.code()) {
            field(out, "content-type", type);
            field(out, "content-length", Integer.toString(body.length));
        }
        if (exchange.answerFields() != null) {
            out.writeBytes(exchange.answerFields());
        }
        field(out, "x-request-id", exchange.id());
        if (exchange.target().family() == ApiFamily.ANTHROPIC) {
            field(out, "request-id", exchange.id());
        }
        if (!exchange.keepAlive()) {
            field(out, "connection", "close");
        } else if (!exchange.http11()) {
            field(out, "connection", "keep-alive");
        }
    }

    private static ByteBuf end(ByteBuf out, Exchange exchange, byte[] body) {
        ascii(out, "\r\n");
        // A HEAD is told the length of what it would have got, and gets nothing (RFC 9110 section 9.3.2).
        if (!exchange.method().equals("HEAD")) {
            out.writeBytes(body);
            exchange.addResponseBytes(body.length);
        }
        return out;
    }

    private static void fields(ByteBuf out, Map<String, String> fields) {
        for (Map.Entry<String, String> field : fields.entrySet()) {
            field(out, field.getKey(), field.getValue());
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
