package io.costoptimal.gateway.exchange;

/**
 * What the scan of a request body found.
 *
 * @param model the top-level {@code model} member, or where one would go; never {@code null}
 * @param stream whether {@code stream} is the literal {@code true}
 * @param maxTokens the largest of {@code max_tokens}, {@code max_completion_tokens} and {@code max_output_tokens} that
 *     are whole numbers, however written ({@code 4e3}, {@code 4000.0}), since a provider may follow any of them; -1
 *     without one
 * @param includeUsage whether {@code stream_options.include_usage} is the literal {@code true}
 * @param bytes length of the body
 */
public record RequestFacts(ModelField model, boolean stream, long maxTokens, boolean includeUsage, int bytes) {

    /**
     * The model that a body names, and the bytes to replace for it to name another.
     *
     * @param name the unescaped value; {@code null} when there is no such member, or its value is {@code null}
     * @param place what stands between the two offsets
     * @param start offset of the first byte to replace
     * @param end offset just past the last; the same as {@code start} where a member is to be inserted
     * @param alternatives whether the body also has a member by which some providers choose another model, such as
     *     {@code models}, {@code fallbacks} or {@code preset}
     */
    public record ModelField(String name, Place place, int start, int end, boolean alternatives) {

        /** What a name in the body replaces. */
        public enum Place {
            /** The value of the member, quotes included. */
            VALUE,
            /** Nothing: there is no such member. Others follow. */
            BEFORE_MEMBERS,
            /** Nothing: the object is empty. */
            ONLY_MEMBER
        }

        /** A body that names a model, and no alternatives. */
        public ModelField(String name, int start, int end) {
            this(name, Place.VALUE, start, end, false);
        }

        /** A body that names none, with the offset just behind its opening brace. */
        public static ModelField missing(int offset, boolean emptyObject) {
            return new ModelField(null, emptyObject ? Place.ONLY_MEMBER : Place.BEFORE_MEMBERS, offset, offset, false);
        }
    }
}
