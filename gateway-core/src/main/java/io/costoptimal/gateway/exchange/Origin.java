package io.costoptimal.gateway.exchange;

/**
 * The attempt that had a provider begin a response which it goes on with in the background. Its usage is told by a later answer,
 * and belongs to this attempt. Immutable.
 *
 * @param startedMillis when its request had arrived, in milliseconds since 1970
 * @param requestId of its request
 * @param attempt its place among the attempts of that request, from 1
 * @param entry the model's entry in the configuration; {@code null} where none has it
 * @param model as the provider got it; {@code null} when the request named none
 */
public record Origin(long startedMillis, String requestId, int attempt, String entry, String model) {

    private static final String LINE = "\n";
    private static final int LINES = 5;

    /** A text of which {@link #of} makes the same again. */
    public String text() {
        return String.join(
                LINE,
                Long.toString(startedMillis),
                requestId,
                Integer.toString(attempt),
                entry == null ? "" : entry,
                model == null ? "" : model);
    }

    /** What {@code text} stands for; {@code null} for {@code null}, and for what stands for nothing. */
    public static Origin of(String text) {
        String[] lines = text == null ? new String[0] : text.split(LINE, -1);
        if (lines.length != LINES) {
            return null;
        }
        try {
            return new Origin(
                    Long.parseLong(lines[0]),
                    lines[1],
                    Integer.parseInt(lines[2]),
                    lines[3].isEmpty() ? null : lines[3],
                    lines[4].isEmpty() ? null : lines[4]);
        } catch (NumberFormatException notOurs) {
            return null;
        }
    }
}
