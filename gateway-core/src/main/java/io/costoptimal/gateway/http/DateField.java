package io.costoptimal.gateway.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.DateFormatter;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/** The {@code date} field of answers that are the gateway's own (RFC 9110, 6.6.1), made once a second. Any thread. */
public final class DateField {

    /** A race of two threads at a new second makes the same line twice, which hurts nobody. */
    private static volatile Line latest = new Line(-1, new byte[0]);

    private record Line(long second, byte[] bytes) {}

    private DateField() {}

    /**
     * Writes the whole field line, CRLF included.
     *
     * @param out borrowed
     * @param millis the time, in milliseconds since 1970
     */
    public static void write(ByteBuf out, long millis) {
        out.writeBytes(line(millis));
    }

    /** Returns the whole field line, CRLF included, not to be changed. */
    public static byte[] line(long millis) {
        long second = Math.floorDiv(millis, 1000);
        Line line = latest;
        if (line.second != second) {
            String text = "date: " + DateFormatter.format(new Date(1000 * second)) + "\r\n";
            line = new Line(second, text.getBytes(StandardCharsets.US_ASCII));
            latest = line;
        }
        return line.bytes;
    }
}
