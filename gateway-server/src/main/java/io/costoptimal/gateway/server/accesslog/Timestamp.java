package io.costoptimal.gateway.server.accesslog;

import io.costoptimal.gateway.server.journal.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** {@code "2026-11-22T08:09:10.123Z"}, of which all but the fraction is formatted once a second. Confined to one thread. */
final class Timestamp {

    private static final byte[] UTC = {'Z', '"'};

    /** With the quote before and the point behind. */
    private byte[] upToTheSecond;

    private long second = Long.MIN_VALUE;

    /** Appends the time. */
    void append(long epochMillis, JsonBytes out) {
        long epochSecond = Math.floorDiv(epochMillis, 1000L);
        if (epochSecond != second) {
            second = epochSecond;
            String text = Instant.ofEpochSecond(epochSecond).toString();
            upToTheSecond = ('"' + text.replace('Z', '.')).getBytes(StandardCharsets.US_ASCII);
        }
        out.raw(upToTheSecond);
        out.decimals((int) Math.floorMod(epochMillis, 1000L));
        out.raw(UTC);
    }
}
