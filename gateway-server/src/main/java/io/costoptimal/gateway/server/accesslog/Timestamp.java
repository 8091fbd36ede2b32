package io.costoptimal.gateway.server.accesslog;

import java.time.Instant;

/** {@code 2026-11-22T08:09:10.123Z}, formatted once a second and patched in between. Confined to one thread. */
final class Timestamp implements CharSequence {

    private static final int SECONDS = "2026-11-22T08:09:10".length();

    private final StringBuilder text = new StringBuilder(24);
    private long second = Long.MIN_VALUE;

    /** Returns this, which then reads as the given time until the next call. */
    CharSequence of(long second, int millis) {
        if (second != this.second) {
            this.second = second;
            text.setLength(0);
            text.append(Instant.ofEpochSecond(second)).setLength(SECONDS);
            text.append(".000Z");
        }
        text.setCharAt(SECONDS + 1, (char) ('0' + millis / 100));
        text.setCharAt(SECONDS + 2, (char) ('0' + millis / 10 % 10));
        text.setCharAt(SECONDS + 3, (char) ('0' + millis % 10));
        return this;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
