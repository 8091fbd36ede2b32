package io.costoptimal.gateway.server.config;

import java.time.Duration;

/**
 * A number that the file may set: its key, its default and what is sane. What lies outside is a mistake (or a way to
 * switch a protection off), and is refused.
 *
 * @param key as it is written in the file
 * @param unit of the three numbers that follow
 * @param standard what holds when the file is silent
 * @param min smallest value accepted
 * @param max largest value accepted
 */
record Range(String key, Unit unit, long standard, long min, long max) {

    private static final Duration LONGEST = Duration.ofHours(24);

    /** A timer: more than nothing, at most a day. */
    static Range timer(String key, Duration standard) {
        return new Range(key, Unit.MILLIS, standard.toMillis(), 1, LONGEST.toMillis());
    }

    /**
     * Reads {@code text}.
     *
     * @throws IllegalArgumentException saying what was expected
     */
    long parse(String text) {
        long value = unit.parse(text);
        if (value < 0) {
            throw new IllegalArgumentException(unit.expected());
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException(unit.show(min) + " to " + unit.show(max));
        }
        return value;
    }
}
