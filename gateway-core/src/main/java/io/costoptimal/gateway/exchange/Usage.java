package io.costoptimal.gateway.exchange;

import java.util.List;

/**
 * Tokens that one answer used, in classes that do not overlap, whatever the provider's own way of counting: a token of input
 * is in exactly one of uncached, cached, written and written1h, so that classes may be added up and priced. -1 where nothing
 * was said. Immutable.
 *
 * @param extras what the provider told that makes the answer cost other than its tokens at their usual price, by kind and
 *     name; empty for most answers
 */
public record Usage(Input input, Output output, List<Extra> extras) {

    public Usage {
        extras = List.copyOf(extras);
    }

    /** Tokens at their usual price. */
    public Usage(Input input, Output output) {
        this(input, output, List.of());
    }

    /**
     * One reason why an answer costs other than its tokens at their usual price.
     *
     * @param name what the provider calls it, as {@link NameHash} has it
     * @param times how often it was used; 1 for what is not counted
     */
    public record Extra(Kind kind, long name, long times) {

        /** What an extra is. */
        public enum Kind {
            /** Tokens are charged by the service tier of this name. */
            SERVICE_TIER,
            /** Tokens are charged by the speed of this name. */
            SPEED,
            /** Tokens are charged by the place of this name, in which the model ran. */
            INFERENCE_GEO,
            /** The provider's own tool of this name was used, as its usage object calls it. */
            SERVER_TOOL
        }
    }

    /**
     * Tokens of a request.
     *
     * @param uncached neither read from the provider's cache nor written to it; never {@code prompt_tokens} as such, which
     *     include both
     * @param cached read from the provider's cache
     * @param written written to the cache for five minutes, or for a time that nobody told
     * @param written1h written to the cache for an hour
     * @param audio those of {@code uncached} that were audio
     */
    public record Input(long uncached, long cached, long written, long written1h, long audio) {

        /** Nothing was said. */
        public static final Input UNKNOWN = new Input(-1, -1, -1, -1, -1);

        /** All classes together, which is what the model read; -1 when nothing was said of any. */
        public long total() {
            return known()
                    ? atLeastNone(uncached) + atLeastNone(cached) + atLeastNone(written) + atLeastNone(written1h)
                    : -1;
        }

        /** Whether anything was said. */
        public boolean known() {
            return uncached >= 0 || cached >= 0 || written >= 0 || written1h >= 0;
        }
    }

    /**
     * Tokens of an answer.
     *
     * @param tokens all of them
     * @param reasoning those of {@code tokens} that the model spent on thinking
     * @param audio those of {@code tokens} that were audio
     */
    public record Output(long tokens, long reasoning, long audio) {

        /** Nothing was said. */
        public static final Output UNKNOWN = new Output(-1, -1, -1);
    }

    /** Plain input and output; -1 where nothing is known. */
    public static Usage of(long uncached, long output) {
        return new Usage(new Input(uncached, -1, -1, -1, -1), new Output(output, -1, -1));
    }

    private static long atLeastNone(long tokens) {
        return Math.max(0, tokens);
    }
}
