package io.costoptimal.gateway.exchange;

/**
 * What one attempt used, and how that is known. Immutable.
 *
 * @param usage {@code null} when nothing is known, which is so where {@code source} is {@link Source#NONE}
 * @param source where the figures come from
 * @param raw the provider's own {@code usage} object as it was sent, the last one of a stream; {@code null} when there was
 *     none, when it was too long, and when nobody keeps such objects. Read only
 * @param possible where {@code source} is {@link Source#NONE}: the most that the provider may have used without telling,
 *     because the request was sent in full and no answer came; an output of -1 there has no known bound. {@code null}
 *     when the provider used nothing
 */
public record Accounted(Usage usage, Source source, byte[] raw, Usage possible) {

    /** Where figures come from. */
    public enum Source {
        /** The provider told them, in an answer that came to its end. */
        REPORTED,
        /** What the provider did not tell was counted, in the encoding of its model. */
        COUNTED,
        /** What the provider did not tell was counted in another encoding, or not all of the text was at hand. */
        ESTIMATED,
        /** Nothing is known, or nothing was used. */
        NONE
    }

    /** Nothing was used. */
    public static final Accounted NOTHING = new Accounted(null, Source.NONE, null, null);

    /** As the provider told it; {@link #NOTHING} for {@code null}. */
    public static Accounted reported(Usage usage) {
        return usage == null ? NOTHING : new Accounted(usage, Source.REPORTED, null, null);
    }
}
