package io.costoptimal.gateway.server.handover;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Bytes to lines. Confined to the event loop of its connection. */
final class Lines {

    private static final int MOST = 64 * 1024;

    private final StringBuilder begun = new StringBuilder();

    /** Takes {@code bytes}, and passes each line on that they end, without its line feed. */
    void add(ByteBuf bytes, Consumer<String> line) {
        try {
            begun.append(bytes.toString(StandardCharsets.UTF_8));
        } finally {
            bytes.release();
        }
        int end;
        while ((end = begun.indexOf("\n")) >= 0) {
            String whole = begun.substring(0, end);
            begun.delete(0, end + 1);
            line.accept(whole);
        }
        if (begun.length() > MOST) {
            begun.setLength(0);
            line.accept("");
        }
    }
}
