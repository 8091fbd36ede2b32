package io.costoptimal.gateway.server.simulator;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/** Writes response heads and chunks from prepared bytes; all buffers are borrowed. */
final class HeadWriter {

    private static final int OK_LINE = "HTTP/1.1 200 OK".length();
    private static final byte[] JSON_OK =
            ascii("HTTP/1.1 200 OK\r\nserver: simulator\r\ncontent-type: application/json\r\n");
    private static final byte[] STREAM_OK = ascii("HTTP/1.1 200 OK\r\nserver: simulator\r\n"
            + "content-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\n");
    private static final byte[] OPENAI = ascii("openai-version: 2020-10-01\r\nx-request-id: req_sim\r\n");
    private static final byte[] ANTHROPIC = ascii("request-id: req_sim\r\n");
    private static final byte[] CHUNKED = ascii("transfer-encoding: chunked\r\n");
    private static final byte[] LENGTH = ascii("content-length: ");
    private static final byte[] CLOSE = ascii("connection: close\r\n");
    private static final byte[] RETRY_AFTER = ascii("retry-after: 1\r\n");
    private static final byte[] LAST_CHUNK = ascii("0\r\n\r\n");
    private static final byte[] HEX = ascii("0123456789abcdef");

    static final byte[] MALFORMED = ascii("HTTP/1.1 OK two hundred\r\nno colon here\r\n\r\n");

    private HeadWriter() {}

    /** Writes the head of {@code reply}; {@code length} is -1 for a chunked body and -2 for one that ends with the connection. */
    static void head(ByteBuf out, Reply reply, long length) {
        if (reply.status() == 200 && reply.script() instanceof Script.Bytes body) {
            String fields = "HTTP/1.1 200 OK\r\nserver: simulator\r\ncontent-type: " + body.type() + "\r\n";
            out.writeCharSequence(fields, StandardCharsets.US_ASCII);
        } else if (reply.status() == 200) {
            out.writeBytes(reply.script().stream() ? STREAM_OK : JSON_OK);
        } else {
            String reason = HttpResponseStatus.valueOf(reply.status()).reasonPhrase();
            out.writeCharSequence("HTTP/1.1 " + reply.status() + " " + reason, StandardCharsets.US_ASCII);
            out.writeBytes(JSON_OK, OK_LINE, JSON_OK.length - OK_LINE);
        }
        out.writeBytes(reply.client().anthropic() ? ANTHROPIC : OPENAI);
        if (reply.behaviour().fault().kind() == Fault.Kind.STATUS && (reply.status() == 429 || reply.status() == 529)) {
            out.writeBytes(RETRY_AFTER);
        }
        if (reply.client().coding() != null) {
            String field = "content-encoding: " + reply.client().coding().field() + "\r\nvary: accept-encoding\r\n";
            out.writeCharSequence(field, StandardCharsets.US_ASCII);
        }
        if (length >= 0) {
            out.writeBytes(LENGTH);
            out.writeCharSequence(Long.toString(length), StandardCharsets.US_ASCII);
            out.writeShort('\r' << 8 | '\n');
        } else if (length == -1) {
            out.writeBytes(CHUNKED);
        }
        if (!reply.client().keepAlive() || length == -2) {
            out.writeBytes(CLOSE);
        }
        out.writeShort('\r' << 8 | '\n');
    }

    /** Moves all of {@code body} to {@code out} in chunks of at most {@code size} bytes; 0 makes one chunk. */
    static void chunks(ByteBuf out, ByteBuf body, int size) {
        while (body.isReadable()) {
            int n = size == 0 ? body.readableBytes() : Math.min(size, body.readableBytes());
            for (int shift = (31 - Integer.numberOfLeadingZeros(n)) / 4 * 4; shift >= 0; shift -= 4) {
                out.writeByte(HEX[n >>> shift & 0xf]);
            }
            out.writeShort('\r' << 8 | '\n').writeBytes(body, n).writeShort('\r' << 8 | '\n');
        }
    }

    static void lastChunk(ByteBuf out) {
        out.writeBytes(LAST_CHUNK);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
