package io.costoptimal.gateway.exchange;

import java.util.BitSet;
import java.util.List;
import java.util.Objects;

/**
 * Which failures move on to the next candidate. Immutable.
 *
 * <p>The default is every one of them, every 4xx and 5xx included: content filters and context limits differ per
 * provider, and users of the original rely on it.
 */
public final class RetryOn {

    /** Every word there is: connection errors, no answer, timeouts, 4xx and 5xx. */
    public static final RetryOn ALL = parse(List.of("connect_error", "no_answer", "timeout", "4xx", "5xx"));

    /** What a list may hold, for messages. */
    public static final String WORDS = "connect_error, no_answer, timeout, 4xx, 5xx or a status from 400 to 599";

    private final boolean connectError;
    private final boolean noAnswer;
    private final boolean timeout;
    private final BitSet statuses;

    private RetryOn(boolean connectError, boolean noAnswer, boolean timeout, BitSet statuses) {
        this.connectError = connectError;
        this.noAnswer = noAnswer;
        this.timeout = timeout;
        this.statuses = statuses;
    }

    /**
     * Reads the configuration's words.
     *
     * @throws IllegalArgumentException naming the first word that is none of {@link #WORDS}
     */
    public static RetryOn parse(List<String> words) {
        boolean connectError = false;
        boolean noAnswer = false;
        boolean timeout = false;
        BitSet statuses = new BitSet(600);
        for (String word : words) {
            switch (word) {
                case "connect_error" -> connectError = true;
                case "no_answer" -> noAnswer = true;
                case "timeout" -> timeout = true;
                case "4xx" -> statuses.set(400, 500);
                case "5xx" -> statuses.set(500, 600);
                default -> statuses.set(status(word));
            }
        }
        return new RetryOn(connectError, noAnswer, timeout, statuses);
    }

    private static int status(String word) {
        if (word.length() == 3 && word.chars().allMatch(c -> c >= '0' && c <= '9')) {
            int status = Integer.parseInt(word);
            if (status >= 400 && status < 600) {
                return status;
            }
        }
        throw new IllegalArgumentException("retry_on: " + word + " (expected: " + WORDS + ")");
    }

    /** Whether failures move on by which a provider cannot have processed anything. */
    public boolean connectError() {
        return connectError;
    }

    /** Whether a request moves on that was sent and got no usable answer, and so may have been processed and billed. */
    public boolean noAnswer() {
        return noAnswer;
    }

    public boolean timeout() {
        return timeout;
    }

    public boolean status(int status) {
        return statuses.get(status);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RetryOn that
                && connectError == that.connectError
                && noAnswer == that.noAnswer
                && timeout == that.timeout
                && statuses.equals(that.statuses);
    }

    @Override
    public int hashCode() {
        return Objects.hash(connectError, noAnswer, timeout, statuses);
    }
}
