package io.costoptimal.gateway.h2;

import io.costoptimal.gateway.exchange.ApiFamily;
import io.costoptimal.gateway.exchange.Exchange;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.http.DateField;
import io.costoptimal.gateway.http.HopByHop;
import io.costoptimal.gateway.http.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;

/**
 * The heads of answers as header blocks, with room for a frame's header before them. Stateless. Each carries the exchange's
 * id under the names that the clients of its API look for, and none a field that belongs to a connection (RFC 9113, 8.2.2).
 */
final class Answers {

    private static final int SIZE = 512;
    /** Bytes that a field grows by at most, which it does when its name is a single letter. */
    private static final int GROWTH = 8;

    private static final int CONTINUE = 100;
    private static final int NO_CONTENT = 204;

    private static final String REQUEST_ID = "x-request-id";
    private static final String ANTHROPIC_REQUEST_ID = "request-id";

    private Answers() {}

    /** Returns the interim answer that asks for the body. */
    static ByteBuf proceed(ByteBufAllocator alloc) {
        ByteBuf out = alloc.ioBuffer(Frames.HEADER + GROWTH).writeZero(Frames.HEADER);
        new HeaderBlock(out).status(CONTINUE);
        return out;
    }

    /** Returns the head of a provider's answer. */
    static ByteBuf relayed(ByteBufAllocator alloc, ResponseHead head, Exchange exchange, byte[] added) {
        ByteBuf out = alloc.ioBuffer(SIZE + head.length()).writeZero(Frames.HEADER);
        try {
            HeaderBlock block = new HeaderBlock(out).status(head.status());
            head.fields(block);
            ours(block, exchange, added);
            return out;
        } catch (Throwable e) {
            out.release();
            throw e;
        }
    }

    /** Returns the head of an answer of the gateway's own. */
    static ByteBuf own(ByteBufAllocator alloc, LocalAnswer answer, Exchange exchange, byte[] added) {
        ByteBuf out = alloc.ioBuffer(SIZE).writeZero(Frames.HEADER);
        try {
            HeaderBlock block = new HeaderBlock(out).status(answer.status());
            byte[] date = DateField.line(System.currentTimeMillis());
            block.field(date, 0, "date".length(), date, "date: ".length(), date.length - 2);
            // A 204 has neither a body nor a length (RFC 9110, 8.6).
            if (answer.status() != NO_CONTENT) {
                block.field("content-type", answer.contentType());
                block.field("content-length", Integer.toString(answer.body().length));
            }
            ours(block, exchange, added);
            answer.headers().forEach((name, value) -> {
                if (!HopByHop.FIXED.contains(name)) {
                    block.field(name, value);
                }
            });
            return out;
        } catch (Throwable e) {
            out.release();
            throw e;
        }
    }

    private static void ours(HeaderBlock block, Exchange exchange, byte[] added) {
        byte[] id = exchange.id().getBytes(StandardCharsets.US_ASCII);
        block.field(REQUEST_ID, id);
        if (exchange.target().family() == ApiFamily.ANTHROPIC) {
            block.field(ANTHROPIC_REQUEST_ID, id);
        }
        if (added != null) {
            for (String line : new String(added, StandardCharsets.US_ASCII).split("\r\n")) {
                int colon = line.indexOf(": ");
                block.field(line.substring(0, colon), line.substring(colon + 2));
            }
        }
    }
}
