package io.costoptimal.gateway.server.config;

import java.util.Comparator;

/**
 * One thing that is wrong with a configuration file.
 *
 * @param file the file as it was named
 * @param line from 1; 0 when the file as a whole is meant
 * @param col from 1, in code points; 0 when the file as a whole is meant
 * @param message what is wrong and what was expected; holds no secret
 */
public record Problem(String file, int line, int col, String message) implements Comparable<Problem> {

    private static final Comparator<Problem> BY_PLACE = Comparator.comparingInt(Problem::line)
            .thenComparingInt(Problem::col)
            .thenComparing(Problem::message);

    /** By place in the file. */
    @Override
    public int compareTo(Problem other) {
        return BY_PLACE.compare(this, other);
    }

    /** {@code file:line:col: message}, as editors and people jump to it. */
    @Override
    public String toString() {
        return line == 0 ? file + ": " + message : file + ":" + line + ":" + col + ": " + message;
    }
}
