package io.costoptimal.gateway.route;

/**
 * A text that counts how often a matcher reads a character of it, and throws {@link RuleFault} after too many reads. This
 * stops a regular expression that backtracks without end. Belongs to one match at a time.
 */
final class StepBudget implements CharSequence {

    /** About a millisecond of the JDK's matcher. */
    private static final int STEPS = 20_000;

    private String text = "";
    private int left;

    /** Looks at {@code text} from now on, with a whole budget. */
    void begin(String text) {
        this.text = text;
        left = STEPS;
    }

    @Override
    public char charAt(int index) {
        if (--left < 0) {
            throw new RuleFault("a pattern takes more than " + STEPS + " steps");
        }
        return text.charAt(index);
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        return text.substring(start, end);
    }

    @Override
    public String toString() {
        return text;
    }
}
