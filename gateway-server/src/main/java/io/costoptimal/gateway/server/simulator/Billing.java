package io.costoptimal.gateway.server.simulator;

/**
 * What an answer is to be billed for. Immutable. -1 where a request does not say: the input is then a quarter of the body's
 * bytes, the output a token for each piece of text, and of every other class there is none.
 *
 * @param input all of it, whatever its class
 * @param parts how much of the input is of another class than plain
 * @param output all of it
 * @param reasoning the part of the output that is reasoning
 * @param told whether the answer says what it is billed for
 */
public record Billing(int input, Parts parts, int output, int reasoning, boolean told) {

    /** Nothing is asked for. */
    static final Billing DERIVED = new Billing(-1, new Parts(0, 0, 0), -1, 0, true);

    /**
     * Parts of the input.
     *
     * @param cached read from a cache
     * @param written written to a cache for five minutes
     * @param written1h written to a cache for an hour
     */
    public record Parts(int cached, int written, int written1h) {}

    /**
     * The same with one thing changed.
     *
     * @param name {@code usage}, whose value is {@code told} or {@code none}; or {@code input-tokens}, {@code cached-tokens},
     *     {@code written-tokens}, {@code written-1h-tokens}, {@code output-tokens} or {@code reasoning-tokens}
     * @throws IllegalArgumentException naming what is wrong
     */
    Billing with(String name, String value) {
        if (name.equals("usage")) {
            if (!value.equals("none") && !value.equals("told")) {
                throw new IllegalArgumentException("usage: " + value + " (expected: told or none)");
            }
            return new Billing(input, parts, output, reasoning, value.equals("told"));
        }
        int count = Behaviour.count(name, value);
        return switch (name) {
            case "input-tokens" -> new Billing(count, parts, output, reasoning, told);
            case "output-tokens" -> new Billing(input, parts, count, reasoning, told);
            case "reasoning-tokens" -> new Billing(input, parts, output, count, told);
            case "cached-tokens" -> with(new Parts(count, parts.written, parts.written1h));
            case "written-tokens" -> with(new Parts(parts.cached, count, parts.written1h));
            default -> with(new Parts(parts.cached, parts.written, count));
        };
    }

    private Billing with(Parts other) {
        return new Billing(input, other, output, reasoning, told);
    }

    /**
     * What an answer is billed for.
     *
     * @param read input tokens, where the request does not say
     * @param said output tokens, where the request does not say
     */
    Bill bill(int read, int said) {
        long all = input < 0 ? read : input;
        long uncached = Math.max(0, all - parts.cached - parts.written - parts.written1h);
        return new Bill(
                new Bill.Input(uncached, parts.cached, parts.written, parts.written1h),
                new Bill.Output(output < 0 ? said : output, reasoning),
                told);
    }
}
