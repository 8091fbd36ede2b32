package io.costoptimal.gateway.load;

import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Finds where answers of one kept connection end, by their {@code Content-Length}. Confined to one thread. */
final class AnswerEnd {

    private static final Pattern GOOD = Pattern.compile(
            "HTTP/1\\.1 200 .*?\r\ncontent-length: *(\\d+)\r\n.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final int END = '\r' << 24 | '\n' << 16 | '\r' << 8 | '\n';

    private final byte[] head = new byte[4096];
    private int length;
    private int last;
    private long body = -1;

    /**
     * Reads all of {@code in}, which is borrowed.
     *
     * @return whether the answer ended with it
     * @throws IOException for an answer that is not 200, has no length, or goes on after its end
     */
    boolean read(ByteBuf in) throws IOException {
        while (body < 0 && in.isReadable()) {
            head(in.readByte());
        }
        if (in.readableBytes() > Math.max(0, body)) {
            throw new IOException("bytes after the answer");
        }
        body -= in.readableBytes();
        in.skipBytes(in.readableBytes());
        if (body != 0) {
            return false;
        }
        body = -1;
        return true;
    }

    private void head(byte b) throws IOException {
        if (length == head.length) {
            throw new IOException("head of more than " + length + " bytes");
        }
        head[length++] = b;
        last = last << 8 | b & 0xff;
        if (last == END) {
            String text = new String(head, 0, length, StandardCharsets.US_ASCII);
            Matcher good = GOOD.matcher(text);
            if (!good.matches()) {
                throw new IOException("answer: " + text.lines().findFirst().orElse(""));
            }
            body = Long.parseLong(good.group(1));
            length = 0;
            last = 0;
        }
    }
}
