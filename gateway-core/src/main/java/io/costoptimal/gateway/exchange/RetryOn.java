package io.costoptimal.gateway.exchange;

import java.util.BitSet;
import java.util.List;

/**
 * Which failures move on to the next candidate. Immutable.
 *
 * <p>The default is every one of them, every 4xx and 5xx included: content filters and context limits differ per
 * provider, and users of the original rely on it.
 */
public final class RetryOn {

    /** Connection errors, timeouts, 4xx and 5xx. */
    public static final RetryOn ALL = parse(List.of("connect_error", "timeout", "4xx", "5xx"));

    private final boolean connectError;
    private final boolean timeout;
    private final BitSet statuses;

    private RetryOn(boolean connectError, boolean timeout, BitSet statuses) {
        this.connectError = connectError;
        this.timeout = timeout;
        this.statuses = statuses;
    }

    /**
     * Reads the configuration's words.
     *
     * @throws IllegalArgumentException naming the first word that is none of {@code connect_error}, {@code timeout},
     *     {@code 4xx}, {@code 5xx} or a status from 400 to 599
     */
    public static RetryOn parse(List<String> words) {
        boolean connectError = false;
        boolean timeout = false;
        BitSet statuses = new BitSet(600);
        for (String word : words) {
            switch (word) {
                case "connect_error" -> connectError = true;
                case "timeout" -> timeout = true;
                case "4xx" -> statuses.set(400, 500);
                case "5xx" -> statuses.set(500, 600);
                default -> statuses.set(status(word));
            }
        }
        return new RetryOn(connectError, timeout, statuses);
    }

    private static int status(String word) {
        if (word.length() == 3 && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int status = Integer.parseInt(word);
            if (status >= 400 && status < 600) {
                return status;
            }
        }
        throw new IllegalArgumentException(
                "retry_on: " + word + " (expected: connect_error, timeout, 4xx, 5xx or a status from 400 to 599)");
    }

    public boolean connectError() {
        return connectError;
    }

    public boolean timeout() {
        return timeout;
    }

    public boolean status(int status) {
        return statuses.get(status);
    }
}
