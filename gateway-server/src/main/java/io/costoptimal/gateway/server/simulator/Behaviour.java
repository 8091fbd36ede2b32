package io.costoptimal.gateway.server.simulator;

import java.time.Duration;

/**
 * How an answer comes: when, how much, how cut, and whether it fails. Immutable.
 *
 * <p>A request changes the default with headers ({@code x-sim-interval: 20ms}) or in its model name
 * ({@code gpt-4o@interval=20ms,fault=reset@3}), so that a route's model override can choose a fault. Both use the names
 * that {@link #with} takes.
 *
 * @param pace when
 * @param size how much
 * @param fault how it fails
 * @param billing what it is billed for
 * @param timestamps whether each stream event's text begins with {@code t=}, {@link System#nanoTime()} in 19 digits, and a
 *     space; comparable between processes on one Linux machine
 */
public record Behaviour(Pace pace, Size size, Fault fault, Billing billing, boolean timestamps) {

    /** At once, one sentence in eight events, no fault. */
    public static final Behaviour DEFAULTS = new Behaviour(
            new Pace(Duration.ZERO, Duration.ZERO), new Size(8, 8, 0), Fault.NONE, Billing.DERIVED, false);

    /**
     * When.
     *
     * @param firstByte from the end of the request to the first byte of the answer
     * @param interval from one stream event to the next; zero sends as fast as the client reads
     */
    public record Pace(Duration firstByte, Duration interval) {}

    /**
     * How much. The text is the same, streamed or not.
     *
     * @param events number of text deltas
     * @param eventBytes bytes of text in each
     * @param chunkBytes bytes of body in each HTTP chunk; 0 cuts a stream at its events and gives a whole answer a length
     */
    public record Size(int events, int eventBytes, int chunkBytes) {}

    /**
     * The same with one thing changed.
     *
     * @param name {@code first-byte}, {@code interval}, {@code events}, {@code event-bytes}, {@code chunk}, {@code fault},
     *     {@code timestamps}, or what {@link Billing#with} takes
     * @param value a duration ({@code 250us}, {@code 20ms}, {@code 2s}), a count, {@link Fault#parse a fault} or a boolean
     * @throws IllegalArgumentException naming what is wrong
     */
    public Behaviour with(String name, String value) {
        return switch (name) {
            case "first-byte" -> pace(new Pace(duration(name, value), pace.interval));
            case "interval" -> pace(new Pace(pace.firstByte, duration(name, value)));
            case "events" -> size(new Size(count(name, value), size.eventBytes, size.chunkBytes));
            case "event-bytes" -> size(new Size(size.events, count(name, value), size.chunkBytes));
            case "chunk" -> size(new Size(size.events, size.eventBytes, count(name, value)));
            case "fault" -> new Behaviour(pace, size, Fault.parse(value), billing, timestamps);
            case "timestamps" -> new Behaviour(pace, size, fault, billing, Boolean.parseBoolean(value));
            case "usage",
                    "input-tokens",
                    "cached-tokens",
                    "written-tokens",
                    "written-1h-tokens",
                    "output-tokens",
                    "reasoning-tokens" -> new Behaviour(pace, size, fault, billing.with(name, value), timestamps);
            default ->
                throw new IllegalArgumentException(name + ": " + value
                        + " (expected: first-byte, interval, events, event-bytes, chunk, fault, timestamps, usage, or"
                        + " input-, cached-, written-, written-1h-, output- or reasoning-tokens)");
        };
    }

    private Behaviour pace(Pace pace) {
        return new Behaviour(pace, size, fault, billing, timestamps);
    }

    private Behaviour size(Size size) {
        return new Behaviour(pace, size, fault, billing, timestamps);
    }

    static int count(String name, String value) {
        try {
            int count = Integer.parseInt(value);
            if (count >= 0) {
                return count;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + ": " + value + " (expected: >= 0)");
    }

    private static Duration duration(String name, String value) {
        int digits = 0;
        while (digits < value.length() && Character.isDigit(value.charAt(digits))) {
            digits++;
        }
        try {
            long amount = Long.parseLong(value, 0, digits, 10);
            switch (value.substring(digits)) {
                case "us":
                    return Duration.ofNanos(Math.multiplyExact(amount, 1000L));
                case "ms":
                    return Duration.ofMillis(amount);
                case "s":
                    return Duration.ofSeconds(amount);
                default:
                    break;
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // Said below.
        }
        throw new IllegalArgumentException(name + ": " + value + " (expected: a duration such as 250us, 20ms or 2s)");
    }
}
